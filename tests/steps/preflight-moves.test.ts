import assert from "node:assert/strict";
import {
  membershipChange,
  membershipProblems,
  snapshotReasons,
} from "../../steps/preflight-membership";
import { moveLines, movesOf, type Moves } from "../../steps/preflight-moves";
import type { MachineObservation, WantedMachine } from "../../steps/wanted-machine";
import { controller, maintenance, memberOf, ours, worker } from "./observations";

const [old, next] = ["a".repeat(64), "b".repeat(64)];
const wantedOf = (name: string, change: Partial<WantedMachine> = {}): WantedMachine => ({
  ...(name.startsWith("worker") ? { ...worker, name } : controller(Number(name.slice(-1)))),
  role: name.startsWith("worker") ? "worker" : "controller",
  talosVersion: "v1.13.0",
  schematicId: old,
  secureboot: false,
  dropExtensions: [],
  incarnation: 1,
  ...change,
});

type Facts = Partial<MachineObservation["facts"]>;

const running = (name: string, facts: Facts = {}, change: Partial<WantedMachine> = {}) => ({
  machine: wantedOf(name, change),
  state: ours(),
  facts: {
    talosVersion: "v1.13.0",
    schematicId: old,
    extensions: [],
    kubernetesVersions: { kubelet: "v1.35.3" },
    ...facts,
  },
});
const empty = (name: string, change: Partial<WantedMachine> = {}): MachineObservation => ({
  machine: wantedOf(name, change),
  state: maintenance,
  facts: { talosVersion: "v1.12.0" },
});

describe("moves of a run", () => {
  const lines = (observation: MachineObservation) =>
    moveLines(movesOf([observation], "v1.35.3"), "v1.35.3");
  const table: [string, MachineObservation, string[]][] = [
    ["a machine at its pins", running("worker-1"), []],
    [
      "another Talos",
      running("controller-1", { talosVersion: "v1.12.4" }),
      ["controller-1: Talos v1.12.4 -> v1.13.0"],
    ],
    [
      "another schematic",
      running("worker-1", {}, { schematicId: next }),
      ["worker-1: schematic aaaaaaaaaaaa -> bbbbbbbbbbbb"],
    ],
    [
      "both",
      running("worker-1", { talosVersion: "v1.12.4" }, { schematicId: next }),
      ["worker-1: Talos v1.12.4 -> v1.13.0, schematic aaaaaaaaaaaa -> bbbbbbbbbbbb"],
    ],
    [
      "an image of no image factory",
      running("worker-1", { schematicId: undefined }),
      ["worker-1: schematic none -> aaaaaaaaaaaa"],
    ],
    [
      "a machine that does not tell its image",
      running("worker-1", { schematicId: undefined, extensions: undefined }),
      [],
    ],
    ["a schematic nobody told of", running("worker-1", {}, { schematicId: undefined }), []],
    [
      "another Kubernetes",
      running("controller-1", {
        kubernetesVersions: { kubelet: "v1.34.1", "kube-apiserver": "v1.35.3" },
      }),
      ["Kubernetes v1.34.1 -> v1.35.3 on 1 machine"],
    ],
    [
      "a variant of the kubelet's image",
      running("worker-1", { kubernetesVersions: { kubelet: "v1.35.3-slim" } }),
      [],
    ],
    ["a machine in maintenance mode", empty("worker-1"), []],
  ];
  for (const [name, observation, expected] of table) {
    it(name, () => assert.deepEqual(lines(observation), expected));
  }

  it("share a line where many move alike", () => {
    const many = Array.from({ length: 50 }, (_, index) =>
      running(`worker-${index}`, { talosVersion: "v1.12.4" }),
    );
    assert.deepEqual(moveLines(movesOf(many, "v1.35.3"), "v1.35.3"), [
      "50 machines (worker-0, worker-1, worker-2, ... worker-49): Talos v1.12.4 -> v1.13.0",
    ]);
  });
});

describe("membership before a run", () => {
  const names = ["controller-1", "controller-2", "controller-3"];
  const members = [1, 2, 3].map((number) => memberOf(controller(number)));
  const nothing: Moves = { upgrades: [], kubernetes: { names: [], running: [] } };
  const live = names.map((name) => running(name));

  function judge(
    observations: readonly MachineObservation[],
    onRemove: "forget" | "reset",
    moves = nothing,
    held: readonly WantedMachine[] = [],
  ) {
    const wanted = [...observations.map(({ machine }) => machine), ...held];
    const change = membershipChange(members, wanted, observations);
    return {
      problems: membershipProblems(change, onRemove),
      reasons: snapshotReasons(moves, change, observations, onRemove),
    };
  }

  const table: [string, MachineObservation[], "forget" | "reset", string[]][] = [
    ["nothing moves: no snapshot", live, "reset", []],
    [
      "a new controller",
      [...live, empty("controller-4")],
      "forget",
      ["controller-4 will join etcd"],
    ],
    [
      "a controller installed anew",
      [...live.slice(0, 2), empty("controller-3", { incarnation: 2 })],
      "forget",
      ["controller-3 will join etcd"],
    ],
    [
      "a worker installed anew",
      [...live, empty("worker-1", { incarnation: 2 })],
      "forget",
      ["worker-1 was installed anew"],
    ],
    ["a new worker: no snapshot", [...live, empty("worker-1")], "forget", []],
    ["one that leaves", live.slice(0, 2), "reset", ["controller-3 will leave etcd"]],
    ["one that is only forgotten: no snapshot", live.slice(0, 2), "forget", []],
  ];
  for (const [name, observations, onRemove, reasons] of table) {
    it(name, () => assert.deepEqual(judge(observations, onRemove), { problems: [], reasons }));
  }

  it("takes a controller on hold for one that is wanted", () =>
    assert.deepEqual(
      judge(live.slice(0, 2), "reset", nothing, [wantedOf("controller-3", { hold: true })]),
      { problems: [], reasons: [] },
    ));

  it("says what moves", () =>
    assert.deepEqual(
      judge(live, "forget", {
        upgrades: [{ name: "controller-1", text: "Talos v1.12.0 -> v1.13.0" }],
        kubernetes: { names, running: ["v1.34.1"] },
      }).reasons,
      ["1 machine is upgraded", "Kubernetes moves"],
    ));

  it("refuses two controllers that leave at once, but only where they are reset", () => {
    const { problems } = judge(live.slice(0, 1), "reset");
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^controller-2, controller-3 are etcd members .*not 2\./);
    assert.deepEqual(judge(live.slice(0, 1), "forget").problems, []);
  });

  it("refuses a member that answers in maintenance mode", () => {
    const { problems } = judge([...live.slice(0, 2), empty("controller-3")], "forget");
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^controller-3 .*set incarnation: 2 for controller-3/);
  });
});
