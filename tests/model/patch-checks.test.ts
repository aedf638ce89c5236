import assert from "node:assert/strict";
import fc from "fast-check";
import { checkPatches, type PatchTarget } from "../../model/check-patches";
import type { PatchInput } from "../../model/cluster-input";
import { deferred } from "../../model/deferred";
import { parsePatch } from "../../model/patch";
import { problemLine } from "../../model/problem";
import { check, doc, linesOf, old, patchesOf, target } from "./patch-cases";

describe("checkPatches", () => {
  describe("variables", () => {
    it("says what a missing one is not, and never a value", () =>
      assert.deepEqual(linesOf(["machine: {sysctls: {a: '${tokn}'}}\n"], {}, { token: "s3cret" }), [
        'p.yaml: ${tokn} stands for nothing. Did you mean "token"? Set it with `pulumi config set --path patchVariables.tokn <value>`, or write $${tokn} for the text itself.',
      ]));

    it("warns of an unused one", () =>
      assert.deepEqual(check(["machine: {sysctls: {a: '${b}'}}\n"], {}, { a: "1", b: "2" }), {
        problems: [],
        warnings: [
          {
            path: "patchVariables.a",
            text: "is used by no patch. Write ${a} where it belongs, or take it out.",
          },
        ],
      }));

    it("does not warn when a patch is not known yet: it may use any", () => {
      const global = [{ source: "p", text: deferred }] as const;
      assert.deepEqual(checkPatches({ global }, [target({ patches: global })], { a: "1" }), {
        problems: [],
        warnings: [],
      });
    });

    it("fills a name before it says which document is meant", () => {
      const texts = [
        doc("LinkConfig", "name: eth0\n"),
        doc("LinkConfig", "name: '${nic}'\n$patch: delete\n"),
      ];
      assert.deepEqual(linesOf(texts, {}, { nic: "eth0" }), []);
      assert.equal(linesOf(texts, {}, { nic: "eth1" }).length, 1);
    });

    it("refuses a name that is known only during the run", () =>
      assert.deepEqual(linesOf([doc("LinkConfig", "name: '${nic}'\n")], {}, { nic: deferred }), [
        "p.yaml: ${nic} stands in the name of LinkConfig/${nic}, and its value is known only during the run. Write the name itself: it says which document is changed.",
      ]));

    it("compares an image's tag once it is filled, and shows it unfilled", () => {
      const text = "machine: {kubelet: {image: 'reg/kubelet:${tag}'}}\n";
      assert.deepEqual(linesOf([text], {}, { tag: "v1.36.0" }), []);
      assert.deepEqual(linesOf([text], {}, { tag: deferred }), []);
      assert.deepEqual(linesOf([text], {}, { tag: "s3cret" }), [
        'p.yaml: sets machine.kubelet.image to "reg/kubelet:${tag}", and kubernetesVersion is v1.36.0. Change the version there, and keep the tag of the image in step with it.',
      ]);
    });

    it("finds keys that become one", () =>
      assert.deepEqual(linesOf(["machine: {sysctls: {a: 1, '${k}': 2}}\n"], {}, { k: "a" }), [
        'p.yaml: the key "${k}" becomes the same as another key beside it when it is filled. Write the key itself.',
      ]));
  });

  it("does not judge deletes after a patch that is known only during the run", () => {
    const patches = [
      { source: "late", text: deferred },
      { source: "p", text: doc("OOMConfig", "$patch: delete\n") },
    ] as const;
    assert.deepEqual(checkPatches({}, [target({ patches })]).problems, []);
  });

  it("checks patches that reach no machine, and inline ones of a machine", () => {
    const inline: PatchInput = { source: 'nodes["cp-1"].patches[0]', text: "machne: {}\n" };
    const worker: PatchInput = { source: "patches/worker/a.yaml", text: "- a\n" };
    const { problems } = checkPatches({ worker: [worker] }, [target({ patches: [inline] })]);
    assert.deepEqual(
      problems.map(({ path }) => path),
      [worker.source, inline.source],
    );
  });

  describe("machines", () => {
    const global = patchesOf(doc("LinkConfig", "name: eth0\n"));
    const machines = (count: number, of: (index: number) => Partial<PatchTarget>): PatchTarget[] =>
      Array.from({ length: count }, (_, index) =>
        target({ name: `n-${index}`, patches: global, ...of(index) }),
      );
    const text =
      "p.yaml: holds a LinkConfig, which Talos reads from v1.12 on: v1.11.3 refuses the whole config. Upgrade first, or take it out.";

    it("are not named when all that a patch reaches are concerned", () => {
      const others = [...machines(9, () => old), target({ name: "other" })];
      assert.deepEqual(checkPatches({ global }, others).problems.map(problemLine), [text]);
    });

    it("are named when some are", () => {
      const mixed = machines(4, (index) => (index < 2 ? old : {}));
      assert.deepEqual(checkPatches({ global }, mixed).problems.map(problemLine), [
        `${text} This concerns n-0 and n-1.`,
      ]);
    });

    it("are counted when they are many", () => {
      const mixed = machines(40, (index) => (index < 30 ? old : {}));
      assert.deepEqual(checkPatches({ global }, mixed).problems.map(problemLine), [
        `${text} This concerns n-0, n-1, n-2, n-3, n-4 and 25 more.`,
      ]);
    });

    it("are known by name", () =>
      assert.deepEqual(
        checkPatches({ nodes: { "cp-11": [] } }, [target(), target({ name: "w-1" })]).problems.map(
          problemLine,
        ),
        [
          'patches.nodes["cp-11"]: there is no machine of this name. Did you mean "cp-1"? Machines are cp-1 and w-1.',
        ],
      ));

    it("share one reading of their patches", () => {
      let count = 0;
      const parse: typeof parsePatch = (source, read) => {
        count += 1;
        return parsePatch(source, read);
      };
      checkPatches(
        { global },
        machines(50, () => ({})),
        {},
        parse,
      );
      assert.equal(count, 1);
    });
  });

  it("never throws, whatever stands in patches and pins", () => {
    const line = fc.constantFrom(
      "machine:",
      "  network:",
      "    nameservers:",
      "    - a",
      "kind: LinkConfig",
      "kind: ${v}",
      "apiVersion: v1alpha1",
      "name: [x]",
      "$patch: delete",
      "  $patch: delete",
      "---",
      "  <<: {a: b}",
      "cluster: []",
      "machine: null",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(line).map((lines) => lines.join("\n")),
    );
    fc.assert(
      fc.property(fc.array(text), fc.string(), fc.string(), (texts, talosVersion, contract) => {
        check(
          texts,
          { talosVersion, versionContract: contract, kubernetesVersion: contract },
          { v: "x" },
        );
      }),
    );
  });
});
