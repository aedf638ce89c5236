import assert from "node:assert/strict";
import { immediatePaths, rebootReasons } from "../../model/immediate-change";

const base = {
  version: "v1alpha1",
  persist: true,
  machine: {
    type: "controlplane",
    token: "a",
    install: { image: "a" },
    files: [{ path: "/var/a", content: "a" }],
    env: { A: "a" },
    features: { rbac: true, kubePrism: { enabled: true } },
  },
  cluster: { clusterName: "a" },
};

/** The base with a value at a path. */
function changed(path: string, value: unknown): Record<string, unknown> {
  const copy = structuredClone(base) as Record<string, unknown>;
  const keys = path.split(".");
  let map = copy;
  for (const key of keys.slice(0, -1)) map = (map[key] ??= {}) as Record<string, unknown>;
  map[keys.at(-1) ?? ""] = value;
  return copy;
}

const reasons = (before: unknown, after: unknown, version?: string): string[] =>
  rebootReasons({ v1alpha1: before }, { v1alpha1: after }, version);

describe("rebootReasons", () => {
  for (const path of immediatePaths) {
    it(`finds none in ${path}`, () => {
      assert.deepEqual(reasons(base, changed(path, { changed: 1 })), []);
      assert.deepEqual(reasons(changed(path, { changed: 1 }), base), []);
    });
  }

  for (const [path, value, reason = path] of [
    ["machine.type", "worker"],
    ["machine.token", "b"],
    ["machine.disks", [{ device: "/dev/sdb" }]],
    ["machine.files", [{ path: "/var/a", content: "b" }], "machine.files[/var/a].content"],
    ["machine.env", { A: "b" }, "machine.env.A"],
    ["machine.udev", { rules: ["a"] }],
    ["machine.systemDiskEncryption", { state: { provider: "luks2" } }],
    ["machine.baseRuntimeSpecOverrides", { process: {} }],
    ["machine.features.rbac", false],
    ["machine.features.diskQuotaSupport", true],
    ["persist", false],
  ] as [string, unknown, string?][]) {
    it(`names ${reason}`, () => assert.deepEqual(reasons(base, changed(path, value)), [reason]));
  }

  it("names all, in the order of their paths", () => {
    const after = changed("machine.type", "worker");
    assert.deepEqual(reasons(base, { ...after, persist: false }), ["machine.type", "persist"]);
  });

  it("names the first features of a machine, even those that change without a reboot", () => {
    const before = changed("machine.features", undefined);
    assert.deepEqual(
      reasons(before, changed("machine.features", { kubePrism: { enabled: true } })),
      ["machine.features"],
    );
    assert.deepEqual(reasons(before, changed("machine.features", {})), ["machine.features"]);
  });

  it("takes null as not given, an empty map not", () => {
    assert.deepEqual(reasons(base, changed("machine.udev", null)), []);
    assert.deepEqual(reasons(base, changed("machine.udev", {})), ["machine.udev"]);
  });

  it("looks at the main document alone", () => {
    const hostname = (name: string) => ({ kind: "HostnameConfig", hostname: name });
    assert.deepEqual(
      rebootReasons(
        new Map<string, unknown>([
          ["v1alpha1", base],
          ["HostnameConfig", hostname("a")],
        ]),
        new Map<string, unknown>([
          ["v1alpha1", base],
          ["HostnameConfig", hostname("b")],
        ]),
      ),
      [],
    );
  });

  it("finds none from Talos 1.14 on", () => {
    const after = changed("machine.type", "worker");
    assert.deepEqual(reasons(base, after, "v1.13.9"), ["machine.type"]);
    assert.deepEqual(reasons(base, after, "v1.14.0"), []);
    assert.deepEqual(reasons(base, after, "v1.14.0-rc.1"), []);
  });
});
