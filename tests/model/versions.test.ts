import assert from "node:assert/strict";
import fc from "fast-check";
import { talosReleases } from "../../model/compatibility";
import {
  checkPins,
  compareMinors,
  minorOf,
  minorsBetween,
  type NodePin,
  type Pins,
} from "../../model/versions";
import { problemLine } from "../../model/problem";

const good: Required<Pins> = {
  talosVersion: "v1.12.0",
  kubernetesVersion: "v1.35.0",
  versionContract: "v1.12",
};

describe("checkPins", () => {
  it("accepts the example of the guide", () => assert.deepEqual(checkPins(good), []));

  const faults: [string, Pins, string[]][] = [
    [
      "a release without its v",
      { talosVersion: "1.12.0" },
      [`talosVersion: "1.12.0" lacks its "v". Write v1.12.0.`],
    ],
    [
      "a minor for a release",
      { talosVersion: "v1.12" },
      [
        `talosVersion: "v1.12" is not a release. Give v, then major, minor and patch, for example v1.12.0.`,
      ],
    ],
    [
      "a leading zero",
      { kubernetesVersion: "v1.035.0" },
      [
        `kubernetesVersion: "v1.035.0" is not a release. Give v, then major, minor and patch, for example v1.35.0.`,
      ],
    ],
    [
      "a word",
      { kubernetesVersion: "latest" },
      [
        `kubernetesVersion: "latest" is not a release. Give v, then major, minor and patch, for example v1.35.0.`,
      ],
    ],
    [
      "no Talos version",
      { talosVersion: "" },
      ["talosVersion: is missing. Give the release to run, for example v1.12.0."],
    ],
    [
      "no contract",
      { versionContract: undefined },
      [
        "versionContract: is missing. Give the Talos minor whose defaults the configs follow, for example v1.12: " +
          "set it to talosVersion's minor at the first deployment, and leave it when talosVersion moves.",
      ],
    ],
    [
      "a release as contract",
      { versionContract: "v1.12.0" },
      [
        `versionContract: "v1.12.0" is not a contract. Give v, then major and minor only, for example v1.12.`,
      ],
    ],
    [
      "a contract with a leading zero",
      { versionContract: "v1.012" },
      [
        `versionContract: "v1.012" is not a contract. Give v, then major and minor only, for example v1.12.`,
      ],
    ],
    [
      "a contract beyond all numbers",
      { versionContract: "v99999999999999999999.1" },
      [
        "versionContract: v99999999999999999999.1 cannot be generated. Contracts from v1.8 to v1.13 can.",
      ],
    ],
    [
      "a contract too old",
      { versionContract: "v1.7" },
      ["versionContract: v1.7 cannot be generated. Contracts from v1.8 to v1.13 can."],
    ],
    [
      "a contract the plugin cannot emit",
      { talosVersion: "v1.14.0", versionContract: "v1.14" },
      ["versionContract: v1.14 cannot be generated. Contracts from v1.8 to v1.13 can."],
    ],
    [
      "a contract newer than Talos",
      { versionContract: "v1.13" },
      [
        "versionContract: v1.13 is newer than talosVersion v1.12.0, which would not understand it. Give v1.12 or older.",
      ],
    ],
    [
      "Kubernetes above the window",
      { kubernetesVersion: "v1.36.0" },
      [
        "kubernetesVersion: v1.36.0 does not run on Talos v1.12.0. Talos v1.12 runs Kubernetes v1.30 to v1.35; Kubernetes v1.36 needs Talos v1.13 to v1.14.",
      ],
    ],
    [
      "Kubernetes below the window",
      { kubernetesVersion: "v1.29.4" },
      [
        "kubernetesVersion: v1.29.4 does not run on Talos v1.12.0. Talos v1.12 runs Kubernetes v1.30 to v1.35; Kubernetes v1.29 needs Talos v1.8 to v1.11.",
      ],
    ],
    [
      "Kubernetes nobody runs",
      { kubernetesVersion: "v1.20.0" },
      [
        "kubernetesVersion: v1.20.0 does not run on Talos v1.12.0. Talos v1.12 runs Kubernetes v1.30 to v1.35.",
      ],
    ],
    [
      "a Talos release nobody knows",
      { talosVersion: "v2.0.0" },
      ["talosVersion: v2.0.0 is not a release this version knows. It knows v1.8 to v1.14."],
    ],
  ];
  for (const [what, change, expected] of faults) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(checkPins({ ...good, ...change }).map(problemLine), expected));
  }

  it("reports all faults together", () => {
    const paths = checkPins({
      talosVersion: "x",
      kubernetesVersion: "y",
      versionContract: "z",
    }).map((problem) => problem.path);
    assert.deepEqual(paths, ["talosVersion", "kubernetesVersion", "versionContract"]);
  });

  it("never throws and names the value it refuses", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        (talosVersion, kubernetesVersion, versionContract) => {
          for (const problem of checkPins({ talosVersion, kubernetesVersion, versionContract })) {
            const value = { talosVersion, kubernetesVersion, versionContract }[problem.path] ?? "";
            assert.ok(
              problem.text.startsWith("is missing") ? value === "" : problem.text.includes(value),
            );
          }
        },
      ),
    );
  });
});

describe("checkPins: machines with a pin of their own", () => {
  const [path, other] = [`nodes["worker-1"].talosVersion`, `nodes["worker-2"].talosVersion`];
  const canary = (talosVersion: string) => [{ path, talosVersion }];

  it("accepts neighbouring minors", () => {
    assert.deepEqual(checkPins(good, canary("v1.13.1")), []);
    assert.deepEqual(checkPins({ ...good, talosVersion: "v1.13.0" }, canary("v1.12.4")), []);
  });

  const faults: [string, Pins, NodePin[], string[]][] = [
    [
      "a minor for a release",
      {},
      canary("v1.13"),
      [
        `${path}: "v1.13" is not a release. Give v, then major, minor and patch, for example v1.12.0.`,
      ],
    ],
    [
      "a release without its v",
      {},
      canary("1.13.0"),
      [`${path}: "1.13.0" lacks its "v". Write v1.13.0.`],
    ],
    [
      "a release nobody knows",
      {},
      canary("v1.7.0"),
      [`${path}: v1.7.0 is not a release this version knows. It knows v1.8 to v1.14.`],
    ],
    [
      "a machine older than the contract",
      { kubernetesVersion: "v1.34.0" },
      canary("v1.11.5"),
      [
        `${path}: v1.11.5 is older than versionContract v1.12, which it would not understand. Give a v1.12 release or newer.`,
      ],
    ],
    [
      "a machine that does not run the cluster's Kubernetes",
      { versionContract: "v1.11" },
      canary("v1.11.5"),
      [
        `${path}: v1.11.5 does not run Kubernetes v1.35.0. Talos v1.11 runs Kubernetes v1.29 to v1.34; Kubernetes v1.35 needs Talos v1.12 to v1.14.`,
      ],
    ],
    [
      "a pin two minors from the cluster's",
      {},
      canary("v1.14.0"),
      [
        `${path}: v1.14.0 is more than one minor from v1.12.0 (talosVersion). The machines of a cluster run one Talos minor, or two that follow each other: bring the pins together.`,
      ],
    ],
    [
      "two machines two minors apart, each a neighbour of the cluster's",
      { talosVersion: "v1.13.0" },
      [...canary("v1.14.0"), { path: other, talosVersion: "v1.12.0" }],
      [
        `${path}: v1.14.0 is more than one minor from v1.12.0 (${other}). The machines of a cluster run one Talos minor, or two that follow each other: bring the pins together.`,
        `${other}: v1.12.0 is more than one minor from v1.14.0 (${path}). The machines of a cluster run one Talos minor, or two that follow each other: bring the pins together.`,
      ],
    ],
    [
      "faults of a machine when the cluster's pin is faulty too",
      { talosVersion: "latest" },
      canary("next"),
      [
        `talosVersion: "latest" is not a release. Give v, then major, minor and patch, for example v1.12.0.`,
        `${path}: "next" is not a release. Give v, then major, minor and patch, for example v1.12.0.`,
      ],
    ],
  ];
  for (const [what, change, pins, expected] of faults) {
    it(`refuses ${what}`, () =>
      assert.deepEqual(checkPins({ ...good, ...change }, pins).map(problemLine), expected));
  }
});

describe("the table of releases", () => {
  it("is in order, and its windows move up with Talos", () => {
    for (const [older, newer] of talosReleases
      .slice(1)
      .map((release, index) => [talosReleases[index], release] as const)) {
      assert.ok(older && compareMinors(older.talos, newer.talos) < 0);
      assert.ok(compareMinors(older.kubernetes.from, newer.kubernetes.from) < 0);
      assert.ok(compareMinors(older.kubernetes.to, newer.kubernetes.to) < 0);
    }
  });

  it("lets every machine go one minor up and back", () => {
    for (const { talos, upgradeFrom, downgradeBelow } of talosReleases) {
      assert.ok(minorsBetween(upgradeFrom, talos) >= 1);
      assert.equal(minorsBetween(talos, downgradeBelow), 2);
    }
  });

  it("orders minors as numbers", () => {
    assert.equal(minorOf("v1.13.2-beta.1"), "1.13");
    assert.ok(compareMinors("1.9", "1.10") < 0);
  });
});
