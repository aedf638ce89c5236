import assert from "node:assert/strict";
import { reportLines } from "../../steps/machine-report";
import { preflightProblems } from "../../steps/preflight-decision";
import type { MachineObservation, WantedMachine } from "../../steps/wanted-machine";
import { talosctlProblem } from "../../model/talosctl-version";
import { controller, foreign, maintenance, ours, unreachable, worker } from "./observations";

const wanted = {
  kubernetesVersion: "v1.35.3",
  oldestTalosVersion: "v1.12",
  installerImage: "factory.example/i:v1.13.0",
};
const plain = {
  talosVersion: "v1.13.0",
  secureboot: false,
  extensions: [],
  dropExtensions: [],
  incarnation: 1,
};
const member = (number: number): WantedMachine => ({
  ...controller(number),
  ...plain,
  role: "controller",
});
const live: MachineObservation = {
  machine: member(1),
  state: ours(),
  facts: {
    talosVersion: "v1.13.0",
    kubernetesVersions: { kubelet: "v1.35.3" },
    hostname: "controller-1",
    type: "controlplane",
  },
};
const free: MachineObservation = {
  machine: { ...worker, ...plain, role: "worker" },
  state: maintenance,
  facts: { talosVersion: "v1.12.0" },
};

/** The first controller, running, with some of it changed. */
function changed(
  machine: Partial<WantedMachine>,
  facts: Partial<MachineObservation["facts"]> = {},
): MachineObservation {
  return {
    ...live,
    machine: { ...live.machine, ...machine },
    facts: { ...live.facts, ...facts },
  };
}

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
        { machine: member(2), state: unreachable, facts: {} },
        { machine: member(3), state: foreign, facts: {} },
        { ...free, facts: { talosVersion: "v1.11.3" } },
      ],
      wanted,
    );
    assert.equal(problems.length, 3);
    const [off, foreignOne, medium] = problems;
    assert.match(off ?? "", /^controller-2 \(10\.0\.0\.12\): cannot be asked/);
    assert.match(foreignOne ?? "", /^controller-3 \(10\.0\.0\.13\): not ours/);
    assert.match(medium ?? "", /^worker-1 .*booted Talos v1\.11\.3/);
  });

  it("takes a machine that does not tell its versions as it is", () => {
    assert.deepEqual(preflightProblems([{ ...live, facts: {} }], wanted), []);
  });

  it("refuses a way that skips a minor, with the hop that comes first", () => {
    const old = { talosVersion: "v1.11.2", kubernetesVersions: { kubelet: "v1.33.0" } };
    assert.deepEqual(
      preflightProblems([changed({}, old), { ...live, machine: member(2) }], wanted).slice(0, 1),
      [
        "controller-1: Talos goes one minor at a time, not from v1.11.2 to v1.13.0; Kubernetes goes one minor at a time, not from v1.33.0 to v1.35.3. " +
          "First go to Talos v1.12.x and Kubernetes v1.34.x (take the newest patch release of each)",
      ],
    );
    const problems = preflightProblems([changed({}, old)], wanted);
    assert.equal(problems.length, 1);
  });

  it("counts a canary with its own pin", () => {
    const canary = changed({ talosVersion: "v1.12.4" }, { talosVersion: "v1.12.4" });
    assert.deepEqual(preflightProblems([canary, free], wanted), []);
    assert.deepEqual(preflightProblems([changed({ talosVersion: "v1.14.0" })], wanted), []);
    const [apart] = preflightProblems(
      [
        changed({ talosVersion: "v1.12.4" }),
        { ...free, machine: { ...free.machine, talosVersion: "v1.14.0" } },
      ],
      wanted,
    );
    assert.match(
      apart ?? "",
      /^controller-1, worker-1: the pins of .* are more than one minor apart/,
    );
  });

  /** Name, what was seen, and the whole text of the refusal after the machine's name. */
  const guards: [string, MachineObservation, RegExp | undefined][] = [
    [
      "a machine of another name",
      changed({}, { hostname: "x" }),
      /^the machine at this address is "x"/,
    ],
    ["a renamed machine", changed({ renamedFrom: "x" }, { hostname: "x" }), undefined],
    [
      "secure boot that is not wanted",
      changed({}, { secureBoot: true }),
      /^it runs with secure boot, and secureboot: false is wanted\. .*Set secureboot: true/,
    ],
    [
      "secure boot that is not there",
      changed({ secureboot: true }, { secureBoot: false }),
      /^it runs without secure boot, and secureboot: true is wanted/,
    ],
    ["secure boot as it is", changed({ secureboot: true }, { secureBoot: true }), undefined],
    ["secure boot that is not told", changed({ secureboot: true }), undefined],
    [
      "an extension that would be lost",
      changed({}, { extensions: ["iscsi-tools"] }),
      /^it runs with iscsi-tools, which the wanted schematic leaves out: it would be gone after an upgrade\. Add it to the machine's schematic, or say dropExtensions: \[siderolabs\/iscsi-tools\]\.$/,
    ],
    [
      "an extension that stays",
      changed({ extensions: ["siderolabs/iscsi-tools"] }, { extensions: ["iscsi-tools"] }),
      undefined,
    ],
    [
      "an extension dropped on purpose",
      changed({ dropExtensions: ["siderolabs/iscsi-tools"] }, { extensions: ["iscsi-tools"] }),
      undefined,
    ],
    [
      "a schematic of which only the id is known",
      changed({ extensions: undefined }, { extensions: ["iscsi-tools"] }),
      undefined,
    ],
    [
      "other hardware",
      changed({ identity: { serial: "A" } }, { hardware: { serial: "B" } }),
      /^its serial number is B, its identity says A/,
    ],
    [
      "other hardware in maintenance mode",
      {
        ...free,
        machine: { ...free.machine, identity: { mac: "52:54:00:00:00:01" } },
        facts: { hardware: { macs: ["52:54:00:00:00:02"] } },
      },
      /^its MAC address is 52:54:00:00:00:02, its identity says 52:54:00:00:00:01/,
    ],
  ];
  for (const [name, observation, refusal] of guards) {
    it(`${name}: ${refusal === undefined ? "passes" : "refused"}`, () => {
      const problems = preflightProblems([observation], wanted).map((text) =>
        text.replace(/^\S+ \(.*?\): /, ""),
      );
      if (refusal === undefined) assert.deepEqual(problems, []);
      else {
        assert.equal(problems.length, 1);
        assert.match(problems[0] ?? "", refusal);
      }
    });
  }

  it("reports a line a machine, and groups in a big cluster", () => {
    assert.deepEqual(reportLines([live, free]), [
      "controller-1 (10.0.0.11): stage running, Talos v1.13.0, Kubernetes v1.35.3",
      "worker-1 (10.0.0.21): in maintenance mode, Talos v1.12.0",
    ]);
    assert.deepEqual(reportLines([{ ...free, machine: { ...free.machine, incarnation: 2 } }]), [
      "worker-1 (10.0.0.21): in maintenance mode, Talos v1.12.0, reinstalled (incarnation 2)",
    ]);
    const many = Array.from({ length: 200 }, (_, index) => ({
      ...free,
      machine: { ...free.machine, name: `worker-${index}`, address: `10.0.1.${index}` },
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
