import assert from "node:assert/strict";
import { describeDiagnostic } from "../../steps/diagnostics";

describe("what Talos finds wrong with a machine", () => {
  it("says what to do about certificates that nobody approves", () =>
    assert.equal(
      describeDiagnostic({
        metadata: { id: "kubelet-csr" },
        spec: {
          message: "kubelet server certificate rotation is enabled, but CSR is not approved",
          details: ["pending CSRs: csr-tdq7l"],
        },
      }),
      "Talos finds: kubelet server certificate rotation is enabled, but CSR is not approved (pending CSRs: csr-tdq7l); look at kubectl get csr, and kubectl certificate approve them or install what does",
    ));

  it("takes one without details or words by its name", () => {
    const spec = { message: "address overlap", details: null };
    assert.equal(
      describeDiagnostic({ metadata: { id: "address-overlap" }, spec }),
      "Talos finds: address overlap",
    );
    assert.equal(describeDiagnostic({ metadata: { id: "other" }, spec: {} }), "Talos finds: other");
  });
});
