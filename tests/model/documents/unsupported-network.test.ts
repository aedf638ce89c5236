import assert from "node:assert/strict";
import type { NetworkInterfaceInput } from "../../../model/network-input";
import { unsupportedNetwork } from "../../../model/documents/unsupported-network";
import { problemLine } from "../../../model/problem";

const path = 'nodes["cp-1"].networkInterfaces';
const lines = (contract: string, entry: NetworkInterfaceInput) =>
  unsupportedNetwork(path, [entry], contract).map(problemLine);

describe("unsupportedNetwork", () => {
  const cases: readonly (readonly [NetworkInterfaceInput, string, string, string])[] = [
    [
      { interface: "bond0", bond: { interfaces: ["a"], mode: "active-backup", primary: "a" } },
      "v1.12",
      "v1.11",
      `${path}[0].bond.primary: "a" cannot be said in the configs of contract v1.12: they name no primary link. Leave it out, or keep versionContract at v1.11 or older.`,
    ],
    [
      { deviceSelector: { driver: "tun", physical: false } },
      "v1.13",
      "v1.11",
      `${path}[0].deviceSelector.physical: false cannot be said in the configs of contract v1.13: there a selector chooses among physical links only. Give the link's name as \`interface\` instead.`,
    ],
    [
      { interface: "eth0", routes: [{ network: "0.0.0.0/0" }] },
      "v1.12",
      "v1.11",
      `${path}[0].routes[0].network: "0.0.0.0/0" needs a gateway from contract v1.12 on. Give one, or name the networks behind the link.`,
    ],
    [
      {
        interface: "eth0",
        vlans: [{ vlanId: 5, routes: [{ network: "::/1", gateway: "fd00::1" }] }],
      },
      "v1.12",
      "v1.11",
      `${path}[0].vlans[0].routes[0].network: "::/1" is refused by Talos from contract v1.12 on, as all that begins at ::. Name smaller networks.`,
    ],
  ];
  for (const [entry, refused, taken, line] of cases) {
    it(`says ${line}`, () => {
      assert.deepEqual(lines(refused, entry), [line]);
      assert.deepEqual(lines(taken, entry), []);
    });
  }

  it("finds nothing wrong with ordinary links", () => {
    const entry = {
      interface: "eth0",
      routes: [{ network: "0.0.0.0/0", gateway: "10.0.0.1" }, { network: "10.0.0.0/8" }],
    };
    assert.deepEqual([...lines("v1.8", entry), ...lines("v1.13", entry)], []);
  });
});
