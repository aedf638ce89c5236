import assert from "node:assert/strict";
import fc from "fast-check";
import { clusterPath, type MachinePath } from "../../model/cluster-path";
import { talosReleases } from "../../model/compatibility";
import { refusalText, versionStep, type Hop, type Move } from "../../model/version-path";
import { minorOf, minorsBetween, releaseOf, runsKubernetes } from "../../model/versions";

function move(from: [string, string?], to: [string, string]): Move {
  const [talos, kubernetes] = from;
  return {
    running: { talos, ...(kubernetes === undefined ? {} : { kubernetes }) },
    wanted: { talos: to[0], kubernetes: to[1] },
  };
}

describe("versionStep", () => {
  const allowed: [string, Move][] = [
    ["nothing moves", move(["v1.12.0", "v1.33.0"], ["v1.12.0", "v1.33.0"])],
    ["a Talos patch", move(["v1.12.0", "v1.33.0"], ["v1.12.4", "v1.33.0"])],
    ["a Talos patch back", move(["v1.12.4", "v1.33.0"], ["v1.12.0", "v1.33.0"])],
    ["a Kubernetes patch back", move(["v1.12.0", "v1.33.4"], ["v1.12.0", "v1.33.1"])],
    ["one Talos minor", move(["v1.12.4", "v1.33.0"], ["v1.13.0", "v1.33.0"])],
    ["back to the old Talos pin", move(["v1.13.0", "v1.33.0"], ["v1.12.4", "v1.33.0"])],
    ["one Kubernetes minor", move(["v1.12.0", "v1.33.0"], ["v1.12.0", "v1.34.2"])],
    ["one minor of both", move(["v1.12.0", "v1.35.0"], ["v1.13.0", "v1.36.0"])],
    ["a release candidate", move(["v1.13.2", "v1.36.0"], ["v1.14.0-rc.1", "v1.37.0-rc.0"])],
    ["out of Talos 1.7", move(["v1.7.6", "v1.29.0"], ["v1.8.0", "v1.29.0"])],
    ["Kubernetes back into the window", move(["v1.13.0", "v1.30.4"], ["v1.13.0", "v1.31.0"])],
    ["a machine that does not tell Kubernetes", move(["v1.12.0"], ["v1.13.0", "v1.35.0"])],
  ];
  for (const [name, step] of allowed) {
    it(`allows ${name}`, () => assert.deepEqual(versionStep(step), { allowed: true }));
  }

  /** Name, step, first hop, and the whole refusal. */
  const refused: [string, Move, Hop | undefined, string][] = [
    [
      "two Talos minors",
      move(["v1.12.0", "v1.33.0"], ["v1.14.0", "v1.33.0"]),
      { talos: "1.13" },
      "Talos goes one minor at a time, not from v1.12.0 to v1.14.0. First go to Talos v1.13.x (take its newest patch release) with Kubernetes as it is (v1.33.0)",
    ],
    [
      "two Talos minors back",
      move(["v1.14.0", "v1.33.0"], ["v1.12.0", "v1.33.0"]),
      { talos: "1.13" },
      "Talos goes one minor at a time, not from v1.14.0 to v1.12.0. First go to Talos v1.13.x (take its newest patch release) with Kubernetes as it is (v1.33.0)",
    ],
    [
      "two Kubernetes minors",
      move(["v1.12.0", "v1.33.0"], ["v1.12.0", "v1.35.0"]),
      { kubernetes: "1.34" },
      "Kubernetes goes one minor at a time, not from v1.33.0 to v1.35.0. First go to Kubernetes v1.34.x (take its newest patch release) with Talos as it is (v1.12.0)",
    ],
    [
      "Kubernetes too old for the new Talos",
      move(["v1.12.0", "v1.30.4"], ["v1.13.0", "v1.30.4"]),
      undefined,
      "Talos v1.13.0 does not run Kubernetes v1.30.4, which runs now: it runs v1.31 to v1.36. No upgrade leads there from what runs: set the pins to what runs (Talos v1.12.0, Kubernetes v1.30.4)",
    ],
    [
      "Kubernetes too old for the new Talos, raised with it",
      move(["v1.12.0", "v1.30.4"], ["v1.13.0", "v1.31.0"]),
      { kubernetes: "1.31" },
      "Talos v1.13.0 does not run Kubernetes v1.30.4, which runs now: it runs v1.31 to v1.36. First go to Kubernetes v1.31.x (take its newest patch release) with Talos as it is (v1.12.0)",
    ],
    [
      "Kubernetes outside the window of the running Talos",
      move(["v1.13.0", "v1.30.4"], ["v1.14.0", "v1.32.0"]),
      { kubernetes: "1.31" },
      "Kubernetes goes one minor at a time, not from v1.30.4 to v1.32.0; Talos v1.13.0 does not run Kubernetes v1.30.4, which runs now: it runs v1.31 to v1.36; " +
        "Talos v1.14.0 does not run Kubernetes v1.30.4, which runs now: it runs v1.32 to v1.37. First go to Kubernetes v1.31.x (take its newest patch release) with Talos as it is (v1.13.0)",
    ],
    [
      "both far away",
      move(["v1.11.0", "v1.33.0"], ["v1.13.0", "v1.35.0"]),
      { talos: "1.12", kubernetes: "1.34" },
      "Talos goes one minor at a time, not from v1.11.0 to v1.13.0; Kubernetes goes one minor at a time, not from v1.33.0 to v1.35.0. " +
        "First go to Talos v1.12.x and Kubernetes v1.34.x (take the newest patch release of each)",
    ],
    [
      "Kubernetes back a minor",
      move(["v1.12.0", "v1.35.0"], ["v1.12.0", "v1.34.9"]),
      undefined,
      "Kubernetes does not go back a minor, from v1.35.0 to v1.34.9. No upgrade leads there from what runs: set the pins to what runs (Talos v1.12.0, Kubernetes v1.35.0)",
    ],
    [
      "an older Talos that cannot run what runs",
      move(["v1.13.0", "v1.36.0"], ["v1.12.0", "v1.36.0"]),
      undefined,
      "Talos v1.12.0 does not run Kubernetes v1.36.0, which runs now: it runs v1.30 to v1.35. No upgrade leads there from what runs: set the pins to what runs (Talos v1.13.0, Kubernetes v1.36.0)",
    ],
    [
      "below the table",
      move(["v1.8.0", "v1.29.0"], ["v1.7.0", "v1.29.0"]),
      undefined,
      "Talos v1.7.0 is not a release this version knows: it knows v1.8 to v1.14. No upgrade leads there from what runs: set the pins to what runs (Talos v1.8.0, Kubernetes v1.29.0)",
    ],
    [
      "from far below the table",
      move(["v1.5.0", "v1.28.0"], ["v1.8.0", "v1.28.0"]),
      undefined,
      "Talos goes one minor at a time, not from v1.5.0 to v1.8.0. No upgrade leads there from what runs: set the pins to what runs (Talos v1.5.0, Kubernetes v1.28.0)",
    ],
  ];
  for (const [name, step, firstHop, text] of refused) {
    it(`refuses ${name}`, () => {
      const verdict = versionStep(step);
      assert.ok(!verdict.allowed);
      assert.deepEqual(verdict.firstHop, firstHop);
      assert.equal(refusalText(step, verdict), text);
    });
  }
});

const talosMinor = fc.constantFrom(
  "1.6",
  "1.7",
  ...talosReleases.map(({ talos }) => talos),
  "1.15",
);
const release = (minor: fc.Arbitrary<string>) =>
  fc.tuple(minor, fc.nat(9)).map(([text, patch]) => `v${text}.${patch}`);
const kubernetesRelease = release(fc.integer({ min: 24, max: 39 }).map((minor) => `1.${minor}`));
const anyMove = fc.record({
  running: fc.record({ talos: release(talosMinor), kubernetes: kubernetesRelease }),
  wanted: fc.record({ talos: release(talosMinor), kubernetes: kubernetesRelease }),
});

/** Places that following the hops comes through before the last step, or nothing at a dead end. */
function follow({ running, wanted }: Move): Move["running"][] | undefined {
  const places = [running];
  for (let here = running; ; places.push(here)) {
    assert.ok(places.length < 30, "goes round in circles");
    const verdict = versionStep({ running: here, wanted });
    if (verdict.allowed) return places;
    if (verdict.firstHop === undefined) {
      assert.equal(places.length, 1, "a hop led to a dead end");
      return undefined;
    }
    const { talos, kubernetes } = verdict.firstHop;
    const next = {
      talos: talos === undefined ? here.talos : `v${talos}.9`,
      kubernetes: kubernetes === undefined ? (here.kubernetes ?? "") : `v${kubernetes}.9`,
    };
    assert.ok(versionStep({ running: here, wanted: next }).allowed, JSON.stringify(next));
    here = next;
  }
}

describe("versionStep: the way", () => {
  it("is reached by following the hops, each an allowed step, or there is none from the start", () => {
    fc.assert(
      fc.property(anyMove, (step) => void follow(step)),
      { numRuns: 300 },
    );
  });

  it("leads from the oldest release to the newest, and through every release in between", () => {
    const [oldest, newest] = [talosReleases[0], talosReleases.at(-1)];
    assert.ok(oldest && newest);
    const way = follow({
      running: { talos: `v${oldest.talos}.0`, kubernetes: `v${oldest.kubernetes.from}.0` },
      wanted: { talos: `v${newest.talos}.0`, kubernetes: `v${newest.kubernetes.to}.0` },
    });
    assert.ok(way !== undefined);
    const talos = [...new Set(way.map((place) => minorOf(place.talos)))];
    assert.deepEqual(
      talos,
      talosReleases.slice(0, -1).map((row) => row.talos),
    );
    // 1.26 to 1.37, one at a time: Talos moves along with some of them.
    assert.equal(way.length, 11);
  });

  it("never moves more than one minor, never Kubernetes back, and never leaves the windows", () => {
    fc.assert(
      fc.property(anyMove, (step) => {
        if (!versionStep(step).allowed) return;
        const { running, wanted } = step;
        assert.ok(Math.abs(minorsBetween(minorOf(running.talos), minorOf(wanted.talos))) <= 1);
        const raised = minorsBetween(minorOf(running.kubernetes), minorOf(wanted.kubernetes));
        assert.ok(raised === 0 || raised === 1);
        const target = releaseOf(wanted.talos);
        assert.ok(target === undefined || runsKubernetes(target, wanted.kubernetes));
        if (minorOf(running.talos) === minorOf(wanted.talos)) return;
        for (const window of [target, releaseOf(running.talos)])
          assert.ok(window === undefined || runsKubernetes(window, running.kubernetes));
      }),
      { numRuns: 500 },
    );
  });
});

describe("clusterPath", () => {
  const machine = (name: string, running: string | undefined, wanted: string): MachinePath => ({
    name,
    wanted,
    ...(running === undefined ? {} : { running }),
  });
  const kubernetes = { running: ["v1.34.1"], wanted: "v1.34.1" };

  const fitting: [string, MachinePath[]][] = [
    ["no machine at all", []],
    ["fresh machines", [machine("a", undefined, "v1.13.0"), machine("b", undefined, "v1.13.0")]],
    [
      "a canary that goes ahead",
      [machine("a", "v1.12.0", "v1.12.0"), machine("b", "v1.12.0", "v1.13.1")],
    ],
    [
      "machines that follow the canary",
      [machine("a", "v1.12.0", "v1.13.1"), machine("b", "v1.13.1", "v1.13.1")],
    ],
  ];
  for (const [name, machines] of fitting) {
    it(`allows ${name}`, () => assert.deepEqual(clusterPath(machines, kubernetes), []));
  }

  it("tells the same reason once, with every machine it holds for", () => {
    const machines = ["a", "b", "c"].map((name) => machine(name, "v1.12.0", "v1.14.0"));
    const [problem, ...others] = clusterPath(
      [...machines, machine("d", "v1.13.0", "v1.14.0")],
      kubernetes,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(problem?.names, ["a", "b", "c"]);
    assert.deepEqual(problem.firstHop, { talos: "1.13" });
  });

  it("refuses pins more than one minor apart, a canary's own among them", () => {
    const problems = clusterPath(
      [machine("a", undefined, "v1.12.0"), machine("b", undefined, "v1.14.0")],
      kubernetes,
    );
    assert.deepEqual(
      problems.map(({ text }) => text),
      [
        "the pins of a (v1.12.0) and b (v1.14.0) are more than one minor apart. The machines of a cluster run one Talos minor, or two that follow each other: bring the pins together",
      ],
    );
  });

  it("counts the lowest Kubernetes that runs, as talosctl does", () => {
    const machines = [machine("a", "v1.12.0", "v1.12.0")];
    const halfWay = ["v1.34.0", "v1.33.2", "v1.34.0"];
    assert.deepEqual(clusterPath(machines, { running: halfWay, wanted: "v1.34.0" }), []);
    assert.deepEqual(clusterPath(machines, { running: halfWay, wanted: "v1.33.2" }), []);
    assert.deepEqual(
      clusterPath(machines, { running: halfWay, wanted: "v1.35.0" }).map(
        ({ firstHop }) => firstHop,
      ),
      [{ kubernetes: "1.34" }],
    );
  });

  it("lets a Kubernetes upgrade be taken back until every API server has it", () => {
    const machines = [machine("a", "v1.12.0", "v1.12.0")];
    const path = (apiServers: string[]) =>
      clusterPath(machines, {
        running: ["v1.33.2", ...apiServers],
        apiServers,
        wanted: "v1.33.2",
      }).map(({ text }) => text);
    assert.deepEqual(path(["v1.34.0", "v1.33.2"]), []);
    assert.deepEqual(path(["v1.34.0", "v1.34.0"]), [
      "Kubernetes does not go back a minor, to v1.33.2: every API server runs v1.34.0 already. Set kubernetesVersion to v1.34.0, or to a newer patch of v1.34, and let that upgrade end first",
    ]);
  });

  it("does not move Talos in the middle of a Kubernetes upgrade", () => {
    const [problem] = clusterPath([machine("a", "v1.13.0", "v1.12.0")], {
      running: ["v1.34.0", "v1.35.0"],
      wanted: "v1.35.0",
    });
    assert.equal(
      problem?.text,
      "Kubernetes is half-way from v1.34.0 to v1.35.0, and Talos does not move in between. First go to Kubernetes v1.35.x with Talos as it is (v1.13.0)",
    );
  });
});
