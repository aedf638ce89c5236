import assert from "node:assert/strict";
import fc from "fast-check";
import { formatIdentity } from "../../model/identity-text";
import { checkHardware, parseIdentity } from "../../steps/hardware";
import { relocationProblem } from "../../steps/identity";
import { isSameMachine, parseNodes } from "../../steps/kubernetes-nodes";
import { ours, worker } from "./observations";

describe("hardware of a machine", () => {
  const told = {
    uuid: "4C4C4544-0044",
    serial: " PC 1 ",
    macs: ["52:54:00:AA:00:01", "02:00:00:00:00:01"],
  };

  it("is the machine when every part of its identity fits, whatever letters and separators", () => {
    for (const identity of [
      {},
      { uuid: "4c4c4544-0044" },
      { serial: "PC 1" },
      { mac: "52-54-00-aa-00-01" },
      { uuid: "4c4c45440044", serial: "PC 1", mac: "02:00:00:00:00:01" },
    ])
      assert.deepEqual(checkHardware(identity, told), { mismatches: [], untold: [] });
  });

  it("tells every part that differs or is not told, with both values", () => {
    const { mismatches, untold } = checkHardware(
      { uuid: "x", serial: "pc 1", mac: "52:54:00:aa:00:02" },
      { ...told, uuid: undefined },
    );
    assert.equal(mismatches.length, 2);
    assert.match(mismatches[0] ?? "", /^its serial number is {2}PC 1 , its identity says pc 1:/);
    assert.match(
      mismatches[1] ?? "",
      /^its MAC address is 52:54:00:AA:00:01, 02:00:00:00:00:01, its/,
    );
    assert.equal(untold.length, 1);
    assert.match(untold[0] ?? "", /^it does not tell its UUID/);
  });

  it("is written so that it can stand in a list, and is read back as it was", () => {
    assert.equal(
      formatIdentity({ uuid: "4c4c", serial: "A,B+C=1", mac: "52:54:00:12:34:56" }),
      "uuid:4c4c+serial:A%2CB%2BC%3D1+mac:52:54:00:12:34:56",
    );
    const part = fc.option(fc.string({ minLength: 1 }), { nil: undefined });
    fc.assert(
      fc.property(part, part, part, (uuid, serial, mac) => {
        const identity = Object.fromEntries(
          Object.entries({ uuid, serial, mac }).filter(([, value]) => value !== undefined),
        );
        if (Object.keys(identity).length === 0) return;
        const text = formatIdentity(identity);
        assert.ok(!/[,=]/.test(text));
        assert.deepEqual(parseIdentity(text), { value: identity });
      }),
    );
  });

  it("is refused in any other form", () => {
    for (const text of ["", "4c4c", "uuid:", "disk:x", "uuid:%zz", "uuid:a,mac:b+"])
      assert.match(
        (parseIdentity(text) as { problem: string }).problem,
        /is not an identity\. Give uuid, serial or mac/,
      );
  });
});

describe("a machine at another address", () => {
  it("is at its old one when only the writing differs", () => {
    const wanted = { ...worker, address: "fd00::11", role: "controller" as const };
    assert.equal(
      relocationProblem({ wanted, previousAddress: "FD00:0::11" }, ours(), {}),
      undefined,
    );
    assert.notEqual(
      relocationProblem({ wanted, previousAddress: "fd00::12" }, ours(), {}),
      undefined,
    );
  });
});

describe("the Node of an old name", () => {
  const node = (name: string, machineID: string, address: string) => ({
    kind: "Node",
    metadata: { name },
    status: {
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: "any" },
      ],
      nodeInfo: { machineID },
    },
  });

  it("is read from a list, from one alone, and from nothing", () => {
    const one = node("a", "1", "10.0.0.1");
    const bare = {
      ready: false,
      cordoned: false,
      isControlPlane: false,
      kubeletVersion: "",
      resourceVersion: "",
    };
    const expected = { ...bare, name: "a", machineId: "1", internalAddresses: ["10.0.0.1"] };
    assert.deepEqual(parseNodes(JSON.stringify({ kind: "List", items: [one] })), [expected]);
    assert.deepEqual(parseNodes(JSON.stringify(one)), [expected]);
    assert.deepEqual(parseNodes("\n"), []);
    assert.deepEqual(parseNodes(JSON.stringify({ metadata: { name: "a" } })), [
      { ...bare, name: "a", machineId: "", internalAddresses: [] },
    ]);
  });

  it("is the same machine by its machine id or its address, and else another one", () => {
    const [first, sameId, sameAddress, other, unknown] = parseNodes(
      JSON.stringify({
        items: [
          node("a", "1", "10.0.0.1"),
          node("b", "1", "10.0.0.2"),
          node("c", "2", "10.0.0.1"),
          node("d", "2", "10.0.0.2"),
          node("e", "", "10.0.0.3"),
        ],
      }),
    );
    assert.ok(first && sameId && sameAddress && other && unknown);
    assert.ok(isSameMachine(first, sameId));
    assert.ok(isSameMachine(first, sameAddress));
    assert.ok(!isSameMachine(first, other));
    assert.ok(!isSameMachine({ ...first, machineId: "" }, unknown));
  });
});
