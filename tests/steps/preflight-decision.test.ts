import assert from "node:assert/strict";
import {
  preflightProblems,
  reportLines,
  type PreflightObservation,
} from "../../steps/preflight-decision";
import { talosctlProblem } from "../../model/talosctl-version";
import { controller, foreign, maintenance, ours, unreachable, worker } from "./observations";

const wanted = {
  talosVersion: "v1.13.0",
  kubernetesVersion: "v1.35.3",
  oldestTalosVersion: "v1.12",
  installerImage: "factory.example/i:v1.13.0",
};
const live: PreflightObservation = {
  machine: controller(1),
  role: "controller",
  state: ours(),
  facts: {
    talosVersion: "v1.13.0",
    kubernetesVersions: { kubelet: "v1.35.3" },
    hostname: "controller-1",
    type: "controlplane",
  },
};
const free: PreflightObservation = {
  machine: worker,
  role: "worker",
  state: maintenance,
  facts: { talosVersion: "v1.12.0" },
};

describe("preflight", () => {
  it("passes live machines at their pins and free machines on any medium that knows the documents", () => {
    assert.deepEqual(preflightProblems([live, free], wanted), []);
  });

  it("tells the problems of all machines together, each with name, address and way out", () => {
    const problems = preflightProblems(
      [
        {
          ...live,
          facts: {
            ...live.facts,
            talosVersion: "v1.12.5",
            kubernetesVersions: { kubelet: "v1.34.1" },
          },
        },
        { machine: controller(2), role: "controller", state: unreachable, facts: {} },
        { machine: controller(3), role: "controller", state: foreign, facts: {} },
        { ...free, facts: { talosVersion: "v1.11.3" } },
      ],
      wanted,
    );
    assert.equal(problems.length, 5);
    const [talos, kubernetes, off, foreignOne, medium] = problems;
    assert.match(
      talos ?? "",
      /^controller-1 \(10\.0\.0\.11\): it runs Talos v1\.12\.5, the pin says v1\.13\.0\..*set talosVersion to v1\.12\.5.*talosctl upgrade --nodes 10\.0\.0\.11 --image factory\.example\/i:v1\.13\.0$/,
    );
    assert.match(kubernetes ?? "", /^controller-1 .*kubelet v1\.34\.1.*talosctl upgrade-k8s/);
    assert.match(off ?? "", /^controller-2 \(10\.0\.0\.12\): cannot be asked/);
    assert.match(foreignOne ?? "", /^controller-3 \(10\.0\.0\.13\): not ours/);
    assert.match(medium ?? "", /^worker-1 .*booted Talos v1\.11\.3/);
  });

  it("takes a machine that does not tell its versions as it is", () => {
    assert.deepEqual(preflightProblems([{ ...live, facts: {} }], wanted), []);
  });

  it("reports a line a machine, and groups in a big cluster", () => {
    assert.deepEqual(reportLines([live, free]), [
      "controller-1 (10.0.0.11): stage running, Talos v1.13.0, Kubernetes v1.35.3",
      "worker-1 (10.0.0.21): in maintenance mode, Talos v1.12.0",
    ]);
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...free,
      machine: { name: `worker-${index}`, address: `10.0.1.${index}` },
    }));
    assert.deepEqual(reportLines(many), [
      "200 machines (worker-0, worker-1, worker-2, ... worker-199): in maintenance mode, Talos v1.12.0",
    ]);
  });
});

describe("talosctl version", () => {
  const table: [string | undefined, string[], RegExp | undefined][] = [
    ["v1.13.0", ["v1.13.0", "v1.12.4"], undefined],
    ["v1.14.2", ["v1.13.0"], undefined],
    [
      "v1.12.9",
      ["v1.12.0", "v1.13.0"],
      /v1\.12\.9 is older than the newest wanted Talos v1\.13\.0\. Install talosctl v1\.13\.0/,
    ],
    ["v1.9.0", ["v1.10.0"], /older/],
    ["v1.13.0-rc.0", ["v1.13.0"], /older/],
    [undefined, ["v1.13.0"], /not on PATH.*v1\.13\.0/],
    ["unknown", ["v1.13.0"], /version "unknown"/],
  ];
  for (const [installed, versions, problem] of table) {
    it(`${installed ?? "none"} for ${versions.join(" and ")}: ${problem === undefined ? "fits" : "refused"}`, () => {
      const found = talosctlProblem(installed, versions);
      if (problem === undefined) assert.equal(found, undefined);
      else assert.match(found ?? "", problem);
    });
  }
});
