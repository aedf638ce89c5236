import assert from "node:assert/strict";
import { joinStaticPods } from "../../steps/static-pods";

/** As a real Talos v1.13.0 controller answers, shortened. */
const pod = (name: string, updated = "2026-11-23T12:49:04Z") => ({
  metadata: { id: name, updated },
  spec: { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "kube-system" } },
});
const status = (name: string, ready = "True", startedAt = "2026-11-23T12:49:24Z") => ({
  metadata: { id: `kube-system/${name}-cp1`, updated: "2026-11-23T12:50:14Z" },
  spec: {
    conditions: [
      { type: "Initialized", status: "True" },
      { type: "Ready", status: ready },
    ],
    containerStatuses: [{ name, ready: true, state: { running: { startedAt } } }],
  },
});

describe("static pods of a machine", () => {
  const ofApiServer = (statuses: Parameters<typeof joinStaticPods>[1], updated?: string) =>
    joinStaticPods([pod("kube-apiserver", updated)], statuses);

  it("are ready when the kubelet says so", () => {
    const expected = [{ name: "kube-apiserver", ready: true, outdated: false }];
    assert.deepEqual(
      ofApiServer([status("kube-scheduler", "False"), status("kube-apiserver")]),
      expected,
    );
  });

  it("are not ready when they are not, or when the kubelet does not know them yet", () => {
    assert.equal(ofApiServer([status("kube-apiserver", "False")])[0]?.ready, false);
    assert.equal(ofApiServer([status("kube-scheduler")])[0]?.ready, false);
    assert.equal(ofApiServer([])[0]?.ready, false);
  });

  it("are outdated while their containers are older than their definition", () => {
    const [found] = ofApiServer([status("kube-apiserver")], "2026-11-23T13:00:00Z");
    assert.deepEqual(found, { name: "kube-apiserver", ready: true, outdated: true });
  });

  it("are not outdated when a container has not started: then they are not ready", () => {
    const waiting = {
      ...status("kube-apiserver", "False"),
      spec: { containerStatuses: [{ state: {} }] },
    };
    assert.deepEqual(ofApiServer([waiting])[0], {
      name: "kube-apiserver",
      ready: false,
      outdated: false,
    });
  });
});
