import * as pulumi from "@pulumi/pulumi";
import { diskProblem } from "../model/check-nodes";
import type { PatchInput } from "../model/cluster-input";
import type { ClusterSpec, NodeSpec } from "../model/cluster-spec";
import { nodeDocuments } from "../model/node-documents";
import { parsePatch } from "../model/patch";
import type { Given } from "./given";
import { checkedLater, rejectLater } from "./reject";

/**
 * Documents that are merged over a machine's base config, later ones winning: its own facts, then its patches by scope.
 *
 * One document an entry: the preview then shows a structure, and a secret patch hides nothing but itself.
 */
export function documentsOf(
  spec: ClusterSpec,
  node: NodeSpec,
  given: Given,
): pulumi.Input<string>[] {
  return [
    ...factDocuments(spec, node, given),
    ...node.patches.flatMap((patch) => patchDocuments(patch, given.textOf(patch))),
  ];
}

function factDocuments(spec: ClusterSpec, node: NodeSpec, given: Given): pulumi.Input<string>[] {
  const { name, installerImage } = node;
  const { versionContract } = spec;
  const disk = checkedLater(
    `nodes["${name}"].installDisk`,
    given.argsOf(name).installDisk,
    diskProblem,
  );
  const render = (installDisk: string): string[] =>
    nodeDocuments({ name, installDisk, installerImage, versionContract });
  if (typeof disk === "string") return render(disk);
  // How many documents there are does not depend on the disk, only what the first one says.
  return render("").map((_, index) =>
    pulumi.output(disk).apply((known) => render(known)[index] ?? ""),
  );
}

function patchDocuments(patch: PatchInput, text: pulumi.Input<string>): pulumi.Input<string>[] {
  if (typeof text === "string") return [...parsePatch(patch.source, text).documents];
  const joined = pulumi.output(text).apply((known) => {
    const { documents, problems } = parsePatch(patch.source, known);
    rejectLater(problems);
    return documents.length === 0 ? "{}\n" : documents.join("---\n");
  });
  return [joined];
}
