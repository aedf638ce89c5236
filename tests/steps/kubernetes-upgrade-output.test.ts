import assert from "node:assert/strict";
import { readUpgradeFailure } from "../../steps/kubernetes-upgrade-failure";
import {
  imageFlags,
  imageRelease,
  imageRepository,
  type Component,
} from "../../steps/kubernetes-upgrade-images";
import { KubernetesUpgradeOutput } from "../../steps/kubernetes-upgrade-output";

describe("images of Kubernetes", () => {
  const table: [string, string, string | undefined][] = [
    ["registry.k8s.io/kube-proxy:v1.35.3", "registry.k8s.io/kube-proxy", "v1.35.3"],
    ["own.example:5000/k/kubelet:v1.35.3-slim", "own.example:5000/k/kubelet", "v1.35.3"],
    ["own.example:5000/kubelet", "own.example:5000/kubelet", undefined],
    ["own/kubelet:v1.35.3@sha256:abc", "own/kubelet", "v1.35.3"],
    ["own/kubelet:latest", "own/kubelet", undefined],
  ];
  for (const [image, repository, release] of table) {
    it(image, () =>
      assert.deepEqual([imageRepository(image), imageRelease(image)], [repository, release]),
    );
  }

  it("are flags only where they come from another registry", () => {
    const usual: Component[] = [
      { node: "a", name: "kubelet", image: "ghcr.io/siderolabs/kubelet:v1.34.0" },
      { node: "a", name: "kube-apiserver", image: "registry.k8s.io/kube-apiserver:v1.34.0" },
    ];
    assert.deepEqual(imageFlags(usual), []);
    assert.deepEqual(
      imageFlags([
        ...usual,
        { node: "a", name: "kube-scheduler", image: "own:5000/s:v1.34.0@sha256:1" },
        { node: "b", name: "kube-scheduler", image: "own:5000/s:v1.34.0" },
        { node: "c", name: "kube-scheduler", image: "registry.k8s.io/kube-scheduler:v1.34.0" },
      ]),
      ["--scheduler-image=own:5000/s"],
    );
  });
});

/** Recorded with talosctl v1.13.0 against a lab. */
const printed = [
  'discovered controlplane nodes ["127.0.85.2"]',
  'discovered worker nodes ["127.0.85.5"]',
  '> "127.0.85.2": Talos version v1.13.0 is compatible with Kubernetes version 1.35.3',
  "checking for removed Kubernetes component flags",
  "checking for removed Kubernetes API resource versions",
  ' > "127.0.85.2": pre-pulling registry.k8s.io/kube-apiserver:v1.35.3',
  ' > "127.0.85.5": pre-pulling ghcr.io/siderolabs/kubelet:v1.35.3',
  'updating "kube-apiserver" to version "1.35.3"',
  ' > "127.0.85.2": starting update',
  " > update kube-apiserver: v1.34.1 -> 1.35.3",
  ' > "127.0.85.2": machine configuration patched',
  ' > "127.0.85.2": waiting for kube-apiserver pod update',
  ' < "127.0.85.2": successfully updated',
  'updating kube-proxy to version "1.35.3"',
  ' > "127.0.85.2": starting update',
  'updating kubelet to version "1.35.3"',
  ' > "127.0.85.2": starting update',
  ' < "127.0.85.2": successfully updated',
  ' > "127.0.85.5": starting update',
  "updating manifests",
  " < configured ConfigMap/kube-system/a",
  '+  token: "hunter2"',
  "waiting for kubernetes objects to be fully reconciled",
  "done",
];

describe("output of upgrade-k8s", () => {
  it("becomes a line a phase, and nothing of a manifest", () => {
    const output = new KubernetesUpgradeOutput();
    const phases = printed.flatMap((line) => output.read(line) ?? []);
    assert.deepEqual(phases, [
      "checking for what the version no longer has",
      "pulling images",
      "updating kube-apiserver",
      "updating kube-proxy",
      "updating kubelet",
      "updating manifests",
      "waiting for the manifests' objects",
    ]);
    assert.equal(output.updates, 2);
  });

  it("tells where it is", () => {
    const output = new KubernetesUpgradeOutput();
    assert.equal(output.place, "it has not begun");
    printed.slice(0, 19).forEach((line) => output.read(line));
    assert.equal(output.place, "updating kubelet, at 127.0.85.5 (1 done)");
  });
});

describe("failures of upgrade-k8s", () => {
  const table: [string, string, boolean, RegExp][] = [
    [
      "a removed flag",
      "\nNODE         COMPONENT   REMOVED FLAG\n10.0.0.11    kubelet     pod-infra-container-image\n",
      false,
      /take what is named out of your patches/,
    ],
    [
      "a path it does not know",
      'unsupported upgrade path 1.33->1.35 (from "1.33.0" to "1.35.3")\n',
      false,
      /one minor at a time/,
    ],
    [
      "a Node that is not Ready",
      'failed upgrading kubelet: error updating node "10.0.0.21": node is not ready\n',
      true,
      /kubectl describe node/,
    ],
    [
      "a kubelet that is down",
      'failed upgrading kubelet: error updating node "10.0.0.21": kubelet is not healthy\n',
      true,
      /logs kubelet/,
    ],
    [
      "an image that is not there",
      "failed pre-pulling images: error pre-pulling x on 10.0.0.11: rpc error: code = NotFound desc = not found\n",
      true,
      /registry has the image/,
    ],
    [
      "a connection that broke",
      'failed updating service "kube-apiserver": error updating node "10.0.0.11": rpc error: code = Unavailable desc = EOF\n',
      true,
      /goes on from here/,
    ],
    ["nothing at all", "", true, /goes on from here/],
  ];
  for (const [name, stderr, retry, next] of table) {
    it(`${name}: ${retry ? "tried again" : "final"}`, () => {
      const failure = readUpgradeFailure(stderr);
      assert.equal(failure.retry, retry);
      assert.match(failure.next, next);
    });
  }

  it("are short, and without secrets or the log of its libraries", () => {
    const { words } = readUpgradeFailure(
      `W0101 12:00:00.0 reflector\nWARNING: old\nfailed: hunter2-hunter2 ${"x".repeat(5000)}\n`,
      ["hunter2-hunter2"],
    );
    assert.ok(words.length <= 800, String(words.length));
    assert.ok(words.startsWith("failed: ") && !words.includes("hunter2"), words.slice(0, 80));
  });
});
