import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Role } from "../../model/cluster-spec";
import { formOf, lastNumbersOf, nameOf, stackValues } from "./bench-cluster";
import { documentsOf, madeUpCluster } from "./made-up-cluster";

const run = promisify(execFile);

/**
 * Whole configs of a made-up cluster's machines by name, as the plugin would render them.
 *
 * Talos itself renders one machine of each role and form; the others get a copy with their own name and addresses.
 */
export async function renderedConfigs(
  talosctl: string,
  machines: number,
): Promise<Readonly<Record<string, string>>> {
  const { controllers, workers } = madeUpCluster(machines);
  const documents = new Map(
    [...controllers, ...workers].map((node) => [node.name, documentsOf(node)]),
  );
  const examples = new Map<string, { readonly text: string; readonly index: number }>();
  const configs: Record<string, string> = {};
  for (let index = 0; index < machines; index++) {
    const role: Role = index < 3 ? "controller" : "worker";
    const id = JSON.stringify([role, formOf(index)]);
    const example = examples.get(id) ?? {
      text: await render(talosctl, role, documents.get(nameOf(index)) ?? []),
      index,
    };
    examples.set(id, example);
    configs[nameOf(index)] = example.text
      .replaceAll(nameOf(example.index), nameOf(index))
      .replaceAll(`.${lastNumbersOf(example.index)}/16`, `.${lastNumbersOf(index)}/16`);
  }
  return configs;
}

async function render(talosctl: string, role: Role, documents: readonly string[]): Promise<string> {
  const { clusterName, endpoint, versionContract, kubernetesVersion } = stackValues;
  const { stdout } = await run(talosctl, [
    ...["gen", "config", clusterName, endpoint, "--output", "-"],
    ...["--output-types", role === "controller" ? "controlplane" : "worker"],
    ...["--talos-version", versionContract],
    ...["--kubernetes-version", kubernetesVersion.replace(/^v/, "")],
    ...["--with-docs=false", "--with-examples=false"],
    ...documents.flatMap((document) => ["--config-patch", document]),
  ]);
  return stdout;
}
