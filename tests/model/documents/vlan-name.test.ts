import assert from "node:assert/strict";
import { vlanName } from "../../../model/documents/vlan-name";

describe("vlanName", () => {
  // From Talos's own table: siderolabs/talos v1.13.0, pkg/machinery/nethelpers/vlan_test.go
  const published = [
    ["eth0", 1, "eth0.1"],
    ["en9s0", 4095, "en9s0.4095"],
    ["0123456789", 4095, "0123456789.4095"],
    ["enx12545f8c99cd", 25, "enx1ee6413.25"],
  ] as const;
  for (const [parent, id, name] of published) {
    it(`is ${name} for VLAN ${id} on ${parent}`, () => {
      assert.equal(vlanName(parent, id), name);
    });
  }
});
