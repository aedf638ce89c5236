import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments } from "yaml";
import type { NodeSpec } from "../../model/cluster-spec";
import { documentKey, mainDocumentKey } from "../../model/document-key";
import { nodeDocuments } from "../../model/node-documents";
import { arbitraryNode } from "../model/arbitrary-node";
import { contracts, newestKubernetes } from "./contracts";
import { requestOf, startRenderCheck, type RenderCheck } from "./render-check";

interface MainDocument {
  readonly machine: Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
}

describe("any machine that is said right", function () {
  this.timeout(120_000);
  let check: RenderCheck;
  before(async () => (check = await startRenderCheck()));
  after(() => check.stop());

  for (const each of contracts) {
    it(`renders to a config that Talos takes, under contract ${each.contract}`, async () => {
      await fc.assert(
        fc.asyncProperty(arbitraryNode(each.contract), async (node) => {
          const request = requestOf(node, each.contract, newestKubernetes(each));
          const { ok, error, config = "" } = await check.render(request);
          assert.ok(ok, `${error}\n${request.patches.join("---\n")}`);
          assertTextsKept(node, config);
        }),
        { numRuns: 100 },
      );
    });
  }

  it("renders to the same documents whatever the order of labels, annotations and taints", () => {
    const anyContract = fc.constantFrom(...contracts.map(({ contract }) => contract));
    fc.assert(
      fc.property(
        anyContract.chain((contract) => fc.tuple(fc.constant(contract), arbitraryNode(contract))),
        ([versionContract, node]) => {
          const turned = {
            ...node,
            labels: reversed(node.labels),
            annotations: reversed(node.annotations),
            taints: reversed(node.taints),
          };
          assert.deepEqual(
            nodeDocuments(turned, { versionContract }),
            nodeDocuments(node, { versionContract }),
          );
        },
      ),
    );
  });
});

/** What a person wrote reaches the machine letter by letter. */
function assertTextsKept(node: NodeSpec, config: string): void {
  const { machine } = parseAllDocuments(config)
    .map((document) => document.toJS() as unknown)
    .find((document) => documentKey(document) === mainDocumentKey) as MainDocument;
  for (const [field, texts] of [
    ["nodeLabels", node.labels],
    ["nodeAnnotations", node.annotations],
    ["nodeTaints", node.taints],
  ] as const) {
    for (const [key, text] of Object.entries(texts)) assert.equal(machine[field]?.[key], text);
  }
}

function reversed(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).reverse());
}
