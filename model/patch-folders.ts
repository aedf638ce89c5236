import type { PatchesInput, PatchInput } from "./cluster-input";
import { scopeNames } from "./names";
import type { Problem } from "./problem";
import { didYouMean, listed } from "./suggestion";

/** A patch file as it lies in the patches folder. */
export interface PatchFile {
  /** Path for messages, for example `patches/global/machine.yaml`. */
  readonly path: string;
  /** Folders between the patches folder and the file: the scope, and the stack of a variant. */
  readonly folders: readonly string[];
  readonly text: string;
}

/** What a patches folder is read against. */
export interface PatchFolderContext {
  /** Path of the patches folder, for messages. */
  readonly root: string;
  /** Stack whose variants apply. */
  readonly stack: string;
  /** All stacks of the project: a folder named after another one is left out. */
  readonly stacks: readonly string[];
  /** Machines of this stack. */
  readonly nodeNames: readonly string[];
  /** Machines of other stacks, whose folders are left out. */
  readonly otherNodeNames: readonly string[];
}

/** Patches of one stack, by scope, and what is wrong with the folder. */
export interface PatchFolders {
  readonly patches: PatchesInput;
  readonly problems: readonly Problem[];
}

/**
 * Sorts the files of a patches folder into scopes.
 *
 * In a scope, files apply in the order of their names; those of the scope's folder for this stack come after the others.
 */
export function sortPatchFiles(
  files: readonly PatchFile[],
  context: PatchFolderContext,
): PatchFolders {
  const problems = uniqueProblems(files.flatMap((file) => placeProblem(file, context) ?? []));
  const ofScope = (scope: string): PatchInput[] =>
    [...filesIn(files, [scope]), ...filesIn(files, [scope, context.stack])].map(
      ({ path, text }) => ({ source: path, text }),
    );
  const nodes = Object.fromEntries(
    context.nodeNames
      .map((name) => [name, ofScope(name)] as const)
      .filter(([, patches]) => patches.length > 0),
  );
  return {
    patches: {
      global: ofScope("global"),
      controller: ofScope("controller"),
      worker: ofScope("worker"),
      nodes,
    },
    problems,
  };
}

function filesIn(files: readonly PatchFile[], folders: readonly string[]): PatchFile[] {
  return files
    .filter((file) => file.folders.join("/") === folders.join("/"))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function placeProblem(file: PatchFile, context: PatchFolderContext): Problem | undefined {
  const [scope, stack, ...deeper] = file.folders;
  const scopes = [...scopeNames, ...context.nodeNames];
  if (scope === undefined) {
    return {
      path: file.path,
      text: `lies outside a scope. Move it into ${context.root}/global, controller, worker or a machine's folder.`,
    };
  }
  if (!scopes.includes(scope) && !context.otherNodeNames.includes(scope)) {
    const text = `unknown patch folder: neither a scope nor a machine.${didYouMean(scope, scopes)} Scopes are ${listed([...scopeNames])}; machines are ${listed(context.nodeNames)}.`;
    return { path: `${context.root}/${scope}`, text };
  }
  if (stack !== undefined && !context.stacks.includes(stack)) {
    const text = `unknown stack.${didYouMean(stack, context.stacks)} A folder inside a scope holds the patches of one stack; stacks are ${listed(context.stacks)}.`;
    return { path: `${context.root}/${scope}/${stack}`, text };
  }
  if (!/\.(ya?ml|json)$/.test(file.path)) {
    return {
      path: file.path,
      text: "is not a patch. Patch files end in .yaml, .yml or .json; take others out of the folder.",
    };
  }
  if (deeper.length > 0)
    return { path: file.path, text: "lies too deep. Patches lie in <scope>/ or <scope>/<stack>/." };
  return undefined;
}

function uniqueProblems(problems: readonly Problem[]): Problem[] {
  return problems.filter(
    (problem, index) => problems.findIndex((other) => other.path === problem.path) === index,
  );
}
