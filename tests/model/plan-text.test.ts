import assert from "node:assert/strict";
import type { MachinePlan, Plan } from "../../model/plan";
import { planText } from "../../model/plan-text";

const same = (version: string) => ({ running: version, wanted: version });

const machine = (name: string, change: Partial<MachinePlan> = {}): MachinePlan => ({
  name,
  address: "10.0.0.1",
  role: "controller",
  action: "none",
  state: "ours",
  description: "stage running",
  talos: same("v1.12.0"),
  kubernetes: same("v1.35.0"),
  schematic: same("376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba"),
  reboot: "no",
  rebootReasons: [],
  drift: [],
  notes: [],
  ...change,
});

const plan = (machines: readonly MachinePlan[], change: Partial<Plan> = {}): Plan => ({
  cluster: "talos",
  machines,
  maxUnavailable: 1,
  leaving: [],
  certificates: [],
  problems: [],
  warnings: [],
  readSeconds: 1.24,
  ...change,
});

describe("planText", () => {
  it("says that nothing changes", () =>
    assert.equal(
      planText(plan([machine("cp-1")])),
      "talos: 1 machine, no config changes (read in 1.2 s)\n" +
        "    cp-1  Talos v1.12.0, Kubernetes v1.35.0, no change",
    ));

  it("numbers the machines that change, in their order, and says what is worth knowing of each", () => {
    const text = planText(
      plan(
        [
          machine("cp-1", {
            action: "update",
            reboot: "yes",
            rebootReasons: ["machine.env.A", "machine.files"],
          }),
          machine("cp-2", { drift: ["+ machine.sysctls.a: 1"] }),
          machine("worker-10", {
            action: "update",
            talos: { running: "v1.12.0", wanted: "v1.13.0" },
            schematic: { running: "a".repeat(64), wanted: "b".repeat(64) },
            reboot: "unknown until upgraded",
            notes: ["renamed from old: its host name and Node become worker-10"],
          }),
        ],
        {
          certificates: [
            { name: "talosconfig", daysLeft: 1 },
            { name: "kubeconfig", daysLeft: -2 },
          ],
        },
      ),
    );
    assert.equal(
      text,
      [
        "talos: 2 of 3 machines change, one at a time in this order (read in 1.2 s)",
        "  first 1 upgrade, then 2 configs",
        " 1. cp-1       Talos v1.12.0, Kubernetes v1.35.0, config changes and it REBOOTS",
        "       reboots for machine.env.A and machine.files",
        "    cp-2       Talos v1.12.0, Kubernetes v1.35.0, no change",
        "       drift: + machine.sysctls.a: 1",
        " 2. worker-10  upgrade: Talos v1.12.0 => v1.13.0, schematic aaaaaaaaaaaa => bbbbbbbbbbbb and it REBOOTS, Kubernetes v1.35.0, config changes, a reboot is unknown until upgraded",
        "       renamed from old: its host name and Node become worker-10",
        "  client certificates left: talosconfig 1 day, kubeconfig EXPIRED",
      ].join("\n"),
    );
  });

  it("says the order of upgrades, Kubernetes and configs, and the waves of workers", () => {
    const moved = {
      talos: { running: "v1.12.0", wanted: "v1.13.0" },
      kubernetes: { running: "v1.34.1", wanted: "v1.35.0" },
    };
    const workers = ["worker-1", "worker-2"].map((name) =>
      machine(name, { ...moved, role: "worker" }),
    );
    const held = machine("worker-3", {
      role: "worker",
      hold: true,
      state: "unreachable",
      description: "on hold",
    });
    const text = planText(
      plan([machine("cp-1", { ...moved, waitsForReboot: true }), ...workers, held], {
        maxUnavailable: 2,
        leaving: ["cp-9 is an etcd member and no controller of the stack"],
      }),
    );
    assert.equal(
      text,
      [
        "talos: 3 of 4 machines change, controllers one at a time, then workers in waves of 2, in this order (read in 1.2 s)",
        "  first 3 upgrades, then Kubernetes v1.34.1 => v1.35.0 on every machine",
        " 1. cp-1      upgrade: Talos v1.12.0 => v1.13.0 and it REBOOTS, Kubernetes v1.34.1 => v1.35.0",
        "       a config was staged and waits for a reboot: talos-cluster reboot cp-1",
        " 2. worker-1  upgrade: Talos v1.12.0 => v1.13.0 and it REBOOTS, Kubernetes v1.34.1 => v1.35.0",
        " 3. worker-2  upgrade: Talos v1.12.0 => v1.13.0 and it REBOOTS, Kubernetes v1.34.1 => v1.35.0",
        "    worker-3  on hold: not read, not changed, counted as down",
        "  cp-9 is an etcd member and no controller of the stack",
      ].join("\n"),
    );
  });

  const lines: [string, Partial<MachinePlan>, string][] = [
    [
      "a config that is only staged",
      { action: "update", staged: true, reboot: "no" },
      "Talos v1.12.0, Kubernetes v1.35.0, its config is staged until its next reboot",
    ],
    [
      "a new machine in maintenance mode",
      {
        action: "create",
        state: "maintenance",
        description: "in maintenance mode",
        talos: same("v1.12.0"),
        kubernetes: { wanted: "v1.35.0" },
        schematic: { wanted: "x" },
      },
      "in maintenance mode, Talos v1.12.0, Kubernetes v1.35.0 wanted, will be installed",
    ],
    [
      "a machine that does not answer",
      {
        state: "unreachable",
        description: "cannot be asked: no answer in time",
        talos: { wanted: "v1.12.0" },
        kubernetes: { wanted: "v1.35.0" },
        schematic: { wanted: "x" },
      },
      "cannot be asked: no answer in time, Talos v1.12.0 wanted, Kubernetes v1.35.0 wanted",
    ],
    [
      "a machine that takes its first config while it runs",
      { action: "create" },
      "Talos v1.12.0, Kubernetes v1.35.0, takes its config without a reboot",
    ],
    [
      "a config that is not known yet",
      { action: "unknown" },
      "Talos v1.12.0, Kubernetes v1.35.0, its config is not known yet",
    ],
    [
      "a reboot that cannot be told",
      { action: "update", reboot: "unknown" },
      "Talos v1.12.0, Kubernetes v1.35.0, config changes, a reboot cannot be told",
    ],
    [
      "a refused config",
      { action: "update", reboot: "unknown", refusal: "unknown keys found" },
      "Talos v1.12.0, Kubernetes v1.35.0, REFUSES its config",
    ],
  ];
  for (const [what, change, expected] of lines) {
    it(`describes ${what}`, () => {
      const line = planText(plan([machine("cp-1", change)])).split("\n")[1] ?? "";
      assert.equal(line.replace(/^ *(?:\d+\. )?cp-1 {2}/, ""), expected);
    });
  }

  it("shows a refusal in the machine's own words", () =>
    assert.ok(
      planText(plan([machine("a", { action: "update", refusal: "unknown keys found" })])).includes(
        "\n       it says: unknown keys found",
      ),
    ));

  it("gives many machines that are as wanted one line together", () => {
    const many = Array.from({ length: 50 }, (_, index) => machine(`worker-${index + 1}`));
    const changed = machine("worker-51", { action: "update" });
    assert.deepEqual(planText(plan([...many, changed])).split("\n"), [
      "talos: 1 of 51 machines changes (read in 1.2 s)",
      " 1. worker-51  Talos v1.12.0, Kubernetes v1.35.0, config changes without a reboot",
      "  50 more machines (among worker-1 to worker-50): as wanted, no change",
    ]);
  });
});
