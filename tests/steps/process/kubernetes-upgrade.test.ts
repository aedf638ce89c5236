import assert from "node:assert/strict";
import fs from "node:fs";
import { answerAsOurs, answerInMaintenance } from "../recorded";
import { first, second, SEEDS } from "./cluster";
import { FakeTalosctl } from "./fake-talosctl";
import { runStepCommand } from "./run-step";

const workerAddress = "10.0.0.21";
const call = "upgrade-k8s --from=1.34.1 --to=1.35.3 --with-docs=false --with-examples=false";

/** The step kubernetes-upgrade, run as a resource runs it, against a talosctl and a kubectl that answer from files. */
describe("step kubernetes-upgrade", function () {
  this.timeout(60_000);
  let talosctl: FakeTalosctl;
  /** The same cluster once it is upgraded: its answers take the place of the present ones. */
  let upgraded: FakeTalosctl;
  beforeEach(() => {
    talosctl = new FakeTalosctl();
    upgraded = new FakeTalosctl();
    answerCluster(talosctl, "v1.34.1");
    answerCluster(upgraded, "v1.35.3");
  });
  afterEach(() => [talosctl, upgraded].forEach((fake) => fake.remove()));

  const environment = {
    SEEDS,
    KUBERNETES_VERSION: "v1.35.3",
    TALOS_VERSION: "v1.13.0",
    DEADLINE_SECONDS: "30",
  };
  const run = (change: Record<string, string> = {}) =>
    runStepCommand("kubernetes-upgrade", talosctl, { environment: { ...environment, ...change } });
  const becomesUpgraded = () =>
    `cp -R '${upgraded.directory}/answers/.' "$here/answers/"; cp '${upgraded.directory}/nodes' '${upgraded.directory}/pods' "$here/"`;
  const upgrades = () => talosctl.calls.filter((line) => line.includes("upgrade-k8s"));
  const printed = [
    'discovered controlplane nodes ["10.0.0.11" "10.0.0.12"]',
    'updating "kube-apiserver" to version "1.35.3"',
    ' < "10.0.0.11": successfully updated',
    "updating manifests",
    '+  token: "hunter2"',
    "",
  ].join("\n");

  it("upgrades once, through a controller, says each phase, and reads back what runs", async () => {
    talosctl.answer("10.0.0.11", call, { script: becomesUpgraded(), stdout: printed });
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(upgrades(), [`10.0.0.11 ${call}`]);
    assert.match(stdout, /Kubernetes v1\.34\.1 -> v1\.35\.3, through controller-1/);
    assert.match(stdout, /\] updating kube-apiserver\n/);
    assert.match(stdout, /\] updating manifests\n/);
    assert.doesNotMatch(stdout, /hunter2|successfully/);
    assert.match(stdout, /Kubernetes v1\.35\.3 on 3 machines: every component is at v1\.35\.3/);
    const again = await run();
    assert.equal(again.code, 0, again.stderr);
    assert.equal(upgrades().length, 1);
  });

  it("keeps to the registries that the cluster uses", async () => {
    answerCluster(talosctl, "v1.34.1", "own.example:5000/k8s");
    const own = `${call} --apiserver-image=own.example:5000/k8s/kube-apiserver --kubelet-image=own.example:5000/k8s/kubelet`;
    talosctl.answer("10.0.0.11", own, { script: becomesUpgraded() });
    const { code, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.deepEqual(upgrades(), [`10.0.0.11 ${own}`]);
  });

  it("goes on where a call broke off, and says why", async () => {
    const breaks = `if [ ! -e "$here/broke" ]; then touch "$here/broke"; echo 'failed updating service "kube-apiserver": rpc error: code = Unavailable desc = EOF' >&2; exit 1; fi`;
    talosctl.answer("10.0.0.11", call, { script: `${breaks}\n${becomesUpgraded()}` });
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.equal(upgrades().length, 2);
    assert.match(
      stdout,
      /upgrade-k8s stopped \(it has not begun\): failed updating service "kube-apiserver".*EOF; looking again/,
    );
  });

  it("gives up when three calls get no further", async () => {
    talosctl.answer("10.0.0.11", call, {
      stderr: 'failed upgrading kubelet: error updating node "10.0.0.21": node is not ready\n',
      code: 1,
    });
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.equal(upgrades().length, 3);
    assert.match(
      stderr,
      /the upgrade to Kubernetes v1\.35\.3 stopped: failed upgrading kubelet[^]*worker-1: kubelet v1\.34\.1[^]*kubectl describe node/,
    );
  });

  it("does not repeat what is refused", async () => {
    talosctl.answer("10.0.0.11", call, {
      stderr:
        "\nNODE         COMPONENT   REMOVED FLAG\n10.0.0.21    kubelet     pod-infra-container-image\n",
      code: 1,
    });
    const { code, stderr } = await run();
    assert.equal(code, 1);
    assert.equal(upgrades().length, 1);
    assert.match(
      stderr,
      /10\.0\.0\.21 kubelet pod-infra-container-image[^]*take what is named out of your patches/,
    );
  });

  it("touches nothing with a Node on hold, and says how to go on", async () => {
    const { code, stderr } = await run({ HELD: "worker-1" });
    assert.equal(code, 1);
    assert.deepEqual(upgrades(), []);
    assert.deepEqual(
      talosctl.calls.filter((line) => line.startsWith(workerAddress)),
      [],
    );
    assert.match(
      stderr,
      /worker-1 is on hold, and talosctl upgrade-k8s goes to every Node[^]*kubectl delete node worker-1[^]*nothing was changed/,
    );
  });

  it("is done while no cluster is live, and fails while that is unclear", async () => {
    for (const { address } of [first, second]) {
      fs.rmSync(`${talosctl.directory}/answers/${address}`, { recursive: true });
      answerInMaintenance(talosctl, address);
    }
    const fresh = await run();
    assert.equal(fresh.code, 0, fresh.stderr);
    assert.match(fresh.stdout, /nothing to upgrade: the cluster is not bootstrapped yet/);
    fs.rmSync(`${talosctl.directory}/answers/${second.address}`, { recursive: true });
    const unclear = await run({ DEADLINE_SECONDS: "3" });
    assert.equal(unclear.code, 1);
    assert.match(
      unclear.stderr,
      /is not upgraded to v1\.35\.3[^]*controller-2 \(10\.0\.0\.12\): cannot be asked/,
    );
  });

  it("only says what it would do in a dry run", async () => {
    const { code, stdout, stderr } = await runStepCommand("kubernetes-upgrade", talosctl, {
      environment,
      flags: "--dry-run",
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /would upgrade Kubernetes v1\.34\.1 -> v1\.35\.3, through controller-1/);
    assert.deepEqual(upgrades(), []);
  });
});

/** Two controllers and a worker at a Kubernetes version, with kubelet and API server of another registry or the usual ones. */
function answerCluster(talosctl: FakeTalosctl, version: string, registry?: string): void {
  const usual = (name: string) => (name === "kubelet" ? "ghcr.io/siderolabs" : "registry.k8s.io");
  const isOwn = (name: string) => ["kubelet", "kube-apiserver"].includes(name);
  const image = (name: string) =>
    `${registry !== undefined && isOwn(name) ? registry : usual(name)}/${name}:${version}`;
  const resource = (id: string, name: string) =>
    `${JSON.stringify({ metadata: { id }, spec: { enabled: true, image: image(name) } })}\n`;
  const nodes: object[] = [];
  const pods: object[] = [];
  const controllers = [first, second];
  for (const machine of [...controllers, { hostname: "worker-1", address: workerAddress }]) {
    const { hostname, address } = machine;
    const isController = address !== workerAddress;
    if (isController) answerAsOurs(talosctl, { ...machine, members: controllers });
    const answer = (type: string, name: string) =>
      talosctl.answer(address, `get ${type} -o json`, { stdout: resource(name, name) });
    answer("kubeletspec", "kubelet");
    nodes.push(nodeObject(hostname, address, version, isController));
    if (!isController) continue;
    answer("apiserverconfigs", "kube-apiserver");
    answer("controllermanagerconfigs", "kube-controller-manager");
    answer("schedulerconfigs", "kube-scheduler");
    talosctl.answer(address, "kubeconfig - --merge=false", { stdout: "kind: Config\n" });
    for (const name of [
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "kube-proxy",
    ])
      pods.push(podObject(hostname, name, image(name)));
  }
  fs.writeFileSync(`${talosctl.directory}/nodes`, JSON.stringify({ kind: "List", items: nodes }));
  fs.writeFileSync(`${talosctl.directory}/pods`, JSON.stringify({ kind: "List", items: pods }));
  fs.writeFileSync(`${talosctl.directory}/kubectl`, kubectl, { mode: 0o755 });
}

function nodeObject(name: string, address: string, version: string, isController: boolean): object {
  const labels = isController ? { "node-role.kubernetes.io/control-plane": "" } : {};
  return {
    metadata: { name, labels },
    status: {
      addresses: [{ type: "InternalIP", address }],
      conditions: [{ type: "Ready", status: "True" }],
      nodeInfo: { kubeletVersion: version },
    },
  };
}

function podObject(nodeName: string, name: string, image: string): object {
  return {
    metadata: { name: `${name}-${nodeName}`, labels: { "k8s-app": name } },
    spec: { nodeName, containers: [{ name, image }] },
  };
}

/** Answers `get nodes` and `get pods` from the files of those names. */
const kubectl = `#!/bin/sh
here=$(dirname "$0"); grep -q 'kind: Config' "$2" || { echo "no kubeconfig" >&2; exit 1; }
cat "$here/$4"
`;
