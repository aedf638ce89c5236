import assert from "node:assert/strict";
import { describeBlocker, drainBlockers } from "../../steps/drain-blockers";
import { evictionRefused } from "../../steps/drain";

interface PodShape {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly owner?: string;
  readonly phase?: string;
  readonly deletionTimestamp?: string;
}

const pod = (name: string, shape: PodShape = {}) => ({
  metadata: {
    name,
    namespace: "shop",
    labels: shape.labels ?? { app: "web" },
    annotations: shape.annotations,
    deletionTimestamp: shape.deletionTimestamp,
    ownerReferences: [{ kind: shape.owner ?? "ReplicaSet", controller: true }],
  },
  status: { phase: shape.phase ?? "Running" },
});
const budget = (name: string, selector: object | undefined, allowed = 0, namespace = "shop") => ({
  metadata: { name, namespace },
  spec: { selector },
  status: { disruptionsAllowed: allowed },
});
const web = { matchLabels: { app: "web" } };
const matching = (key: string, operator: string, values?: string[]) => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

/** Name, pods, budgets, and what is said. */
const table: [string, object[], object[], string[]][] = [
  ["nothing is left", [], [], []],
  ["a pod without a budget", [pod("web-0")], [], ["pod shop/web-0 is still there"]],
  [
    "a pod with a budget of none",
    [pod("web-0")],
    [budget("web", web)],
    ["pod shop/web-0 may not be moved: its disruption budget web allows no disruption now"],
  ],
  [
    "a budget with room",
    [pod("web-0")],
    [budget("web", web, 1)],
    ["pod shop/web-0 is still there"],
  ],
  [
    "a budget of another namespace",
    [pod("web-0")],
    [budget("web", web, 0, "bank")],
    ["pod shop/web-0 is still there"],
  ],
  [
    "a budget of other pods",
    [pod("web-0")],
    [budget("db", { matchLabels: { app: "db" } })],
    ["pod shop/web-0 is still there"],
  ],
  [
    "a budget without a selector selects nothing",
    [pod("web-0")],
    [budget("web", undefined)],
    ["pod shop/web-0 is still there"],
  ],
  [
    "a budget with an empty selector selects all",
    [pod("web-0")],
    [budget("every", {})],
    ["pod shop/web-0 may not be moved: its disruption budget every allows no disruption now"],
  ],
  [
    "a pod that ends",
    [pod("web-0", { deletionTimestamp: "2026-11-25T00:00:00Z" })],
    [budget("web", web)],
    ["pod shop/web-0 was told to end and has not yet"],
  ],
  ["a pod of a DaemonSet", [pod("agent", { owner: "DaemonSet" })], [], []],
  ["a static pod", [pod("etcd", { annotations: { "kubernetes.io/config.mirror": "x" } })], [], []],
  [
    "pods that ended",
    [pod("job", { phase: "Succeeded" }), pod("other", { phase: "Failed" })],
    [],
    [],
  ],
];

describe("drainBlockers", () => {
  for (const [name, pods, budgets, lines] of table) {
    it(`tells ${name}`, () => {
      const found = drainBlockers(
        JSON.stringify({ items: pods }),
        JSON.stringify({ items: budgets }),
      );
      assert.deepEqual(found.map(describeBlocker), lines);
    });
  }

  const expressions: [object, boolean][] = [
    [matching("app", "In", ["web", "db"]), true],
    [matching("app", "In", ["db"]), false],
    [matching("app", "NotIn", ["db"]), true],
    [matching("app", "NotIn", ["web"]), false],
    [matching("tier", "NotIn", ["web"]), true],
    [matching("app", "Exists"), true],
    [matching("tier", "Exists"), false],
    [matching("tier", "DoesNotExist"), true],
    [matching("app", "DoesNotExist"), false],
    [matching("app", "Gt", ["1"]), false],
  ];
  for (const [selector, selects] of expressions) {
    it(`${selects ? "selects" : "does not select"} by ${JSON.stringify(selector)}`, () => {
      const [found] = drainBlockers(
        JSON.stringify({ items: [pod("web-0")] }),
        JSON.stringify({ items: [budget("b", selector)] }),
      );
      assert.deepEqual(found?.budgets, selects ? ["b"] : []);
    });
  }

  it("reads which pod kubectl could not move", () => {
    const line = `error when evicting pods/"web-0" -n "shop" (will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.`;
    assert.equal(evictionRefused(line), "shop/web-0");
    assert.equal(evictionRefused("evicting pod shop/web-0"), undefined);
  });
});
