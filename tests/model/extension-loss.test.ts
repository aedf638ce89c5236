import assert from "node:assert/strict";
import { extensionLoss, securebootSwitchProblem } from "../../model/extension-loss";

describe("extensionLoss", () => {
  const cases: [running: string[], wanted: string[] | undefined, drop: string[], lost: string[]][] =
    [
      [["iscsi-tools", "schematic", "modules.dep"], ["siderolabs/iscsi-tools"], [], []],
      [["iscsi-tools", "schematic"], [], [], ["iscsi-tools"]],
      [["zfs", "iscsi-tools"], ["siderolabs/qemu-guest-agent"], [], ["iscsi-tools", "zfs"]],
      [["iscsi-tools"], [], ["siderolabs/iscsi-tools"], []],
      [["iscsi-tools", "zfs"], [], ["zfs"], ["iscsi-tools"]],
      [["iscsi-tools"], undefined, [], []],
      // Renamed, or named otherwise by its author.
      [["i915-ucode"], ["siderolabs/i915"], [], []],
      [["v4l-uvc"], ["siderolabs/v4l-uvc-drivers"], [], []],
      [["i915"], ["siderolabs/i915-ucode"], [], []],
      [["nvidia-modules"], ["siderolabs/nvidia-modules-lts"], [], []],
      // An official name stands for itself alone, although another one contains it.
      [["kata-containers"], ["siderolabs/kata-containers-snp"], [], ["kata-containers"]],
      [["xe"], ["siderolabs/xen-guest-agent"], [], ["xe"]],
      [
        ["nvidia-container-toolkit-lts"],
        ["siderolabs/nvidia-container-toolkit-production"],
        [],
        ["nvidia-container-toolkit-lts"],
      ],
      [["own-thing"], ["siderolabs/zfs"], [], ["own-thing"]],
    ];
  for (const [running, wanted, drop, lost] of cases) {
    it(`loses [${lost.join()}] of [${running.join()}] for [${wanted?.join() ?? "an id"}]`, () => {
      assert.deepEqual(extensionLoss(running, wanted, drop), lost);
    });
  }
});

describe("securebootSwitchProblem", () => {
  it("refuses the switch, and says how to make it", () => {
    assert.equal(securebootSwitchProblem(true, true), undefined);
    assert.equal(securebootSwitchProblem(false, false), undefined);
    assert.equal(
      securebootSwitchProblem(true, false),
      "runs with secure boot, and secureboot: false is wanted. An upgrade cannot switch it. " +
        "Set secureboot: true to keep the machine, or reinstall it from the other image and raise its incarnation.",
    );
    assert.equal(
      securebootSwitchProblem(false, true),
      "runs without secure boot, and secureboot: true is wanted. An upgrade cannot switch it. " +
        "Set secureboot: false to keep the machine, or reinstall it from the other image and raise its incarnation.",
    );
  });
});
