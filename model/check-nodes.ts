import { addressProblem, canonicalAddress } from "./addresses";
import type { NodeInput } from "./cluster-input";
import { isKnown } from "./deferred";
import { nodeNameProblem } from "./names";
import type { Findings, Problem } from "./problem";

/** Path of a machine in messages: by its name, or by its place when it has none. */
export function nodePath(node: NodeInput, index: number): string {
  return node.name === undefined || node.name === "" ? `nodes[${index}]` : `nodes["${node.name}"]`;
}

/** Everything wrong with the machines, each and together. */
export function checkNodes(nodes: readonly NodeInput[]): Findings {
  const problems = nodes.flatMap((node, index) => checkNode(nodePath(node, index), node));
  problems.push(...duplicates(nodes));
  const controllers = nodes.filter((node) => node.controller === true).length;
  const warnings: Problem[] = [];
  if (controllers === 0) {
    problems.push({
      path: "nodes",
      text: "holds no controller. Set `controller: true` on at least one machine, better on three.",
    });
  } else if (controllers % 2 === 0) {
    const text = `${controllers} controllers tolerate no more failures than ${controllers - 1}. Use an odd number.`;
    warnings.push({ path: "nodes", text });
  }
  return { problems, warnings };
}

function checkNode(path: string, node: NodeInput): Problem[] {
  const problems: Problem[] = [];
  const report = (field: string, text: string | undefined): void => {
    if (text !== undefined) problems.push({ path: `${path}.${field}`, text });
  };
  report(
    "name",
    isBlank(node.name)
      ? "is missing. Give the machine's host name, for example k8s-node-1."
      : nodeNameProblem(node.name ?? ""),
  );
  if (isBlank(node.address))
    report(
      "address",
      "is missing. Give the address the Talos API answers at, for example 192.168.1.10.",
    );
  else if (isKnown(node.address)) report("address", addressProblem(node.address));
  if (isBlank(node.installDisk))
    report(
      "installDisk",
      "is missing. Give the disk to install to; `talosctl get disks --insecure -n <address>` lists them.",
    );
  else if (isKnown(node.installDisk)) report("installDisk", diskProblem(node.installDisk));
  if (node.schematic !== undefined && node.schematicId !== undefined) {
    report(
      "schematicId",
      "stands beside schematic. Give one of the two: the id follows from the schematic.",
    );
  }
  if (node.schematicId !== undefined) report("schematicId", schematicIdProblem(node.schematicId));
  return problems;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === "";
}

/** What is wrong with an install disk, or nothing. */
export function diskProblem(disk: string): string | undefined {
  return /^\/dev\/\S+$/.test(disk)
    ? undefined
    : `"${disk}" is not a device. Give its path, for example /dev/nvme0n1 or /dev/disk/by-id/….`;
}

function schematicIdProblem(id: string): string | undefined {
  if (/^[0-9a-f]{64}$/.test(id)) return undefined;
  return `"${id}" is not a schematic id. An id is 64 hexadecimal digits in lower case, as the image factory shows it.`;
}

function duplicates(nodes: readonly NodeInput[]): Problem[] {
  const problems: Problem[] = [];
  const names = new Map<string, number>();
  const addresses = new Map<string, string>();
  for (const [index, node] of nodes.entries()) {
    const path = nodePath(node, index);
    if (!isBlank(node.name) && node.name !== undefined) {
      const first = names.get(node.name);
      if (first !== undefined) {
        problems.push({
          path: `nodes[${index}].name`,
          text: `"${node.name}" is also the name of nodes[${first}]. Names are unique: they identify the machine.`,
        });
      } else names.set(node.name, index);
    }
    if (isKnown(node.address) && !isBlank(node.address)) {
      const address = canonicalAddress(node.address);
      const owner = addresses.get(address);
      if (owner !== undefined) {
        problems.push({
          path: `${path}.address`,
          text: `${node.address} is also the address of ${owner}. Every machine has an address of its own.`,
        });
      } else addresses.set(address, path);
    }
  }
  return problems;
}
