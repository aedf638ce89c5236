import assert from "node:assert/strict";
import { sortPatchFiles, type PatchFile, type PatchFolderContext } from "../../model/patch-folders";
import { problemLine } from "../../model/problem";

const context: PatchFolderContext = {
  root: "patches",
  stack: "dev",
  stacks: ["dev", "lab"],
  nodeNames: ["cp-1", "w-1"],
  otherNodeNames: ["controller-1"],
};
const file = (path: string): PatchFile => ({
  path: `patches/${path}`,
  folders: path.split("/").slice(0, -1),
  text: path,
});
const sort = (...paths: string[]): ReturnType<typeof sortPatchFiles> =>
  sortPatchFiles(paths.map(file), context);

describe("sortPatchFiles", () => {
  it("puts files into scopes, the stack's own after the others, in the order of their names", () => {
    const { patches, problems } = sort(
      "global/dev/a.yaml",
      "global/b.yaml",
      "global/a.yaml",
      "worker/a.yaml",
      "cp-1/dev/x.yaml",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      patches.global?.map((patch) => patch.text),
      ["global/a.yaml", "global/b.yaml", "global/dev/a.yaml"],
    );
    assert.deepEqual(patches.controller, []);
    assert.deepEqual(
      patches.worker?.map((patch) => patch.source),
      ["patches/worker/a.yaml"],
    );
    assert.deepEqual(Object.keys(patches.nodes ?? {}), ["cp-1"]);
  });

  it("passes over what belongs to other stacks", () => {
    const { patches, problems } = sort("global/lab/a.yaml", "controller-1/a.yaml");
    assert.deepEqual([problems, patches.global, patches.nodes], [[], [], {}]);
  });

  const faults: [string, string, string][] = [
    [
      "an unknown folder, once",
      "contoller/a.yaml",
      `patches/contoller: unknown patch folder: neither a scope nor a machine. Did you mean "controller"? Scopes are global, controller and worker; machines are cp-1 and w-1.`,
    ],
    [
      "a folder of an unknown stack",
      "global/prod/a.yaml",
      "patches/global/prod: unknown stack. A folder inside a scope holds the patches of one stack; stacks are dev and lab.",
    ],
    [
      "a file outside a scope",
      "a.yaml",
      "patches/a.yaml: lies outside a scope. Move it into patches/global, controller, worker or a machine's folder.",
    ],
    [
      "a file too deep",
      "global/dev/x/a.yaml",
      "patches/global/dev/x/a.yaml: lies too deep. Patches lie in <scope>/ or <scope>/<stack>/.",
    ],
    [
      "a file that is no YAML",
      "global/notes.txt",
      "patches/global/notes.txt: is not a patch. Patch files end in .yaml, .yml or .json; take others out of the folder.",
    ],
  ];
  for (const [what, path, expected] of faults) {
    it(`refuses ${what}`, () => assert.deepEqual(sort(path).problems.map(problemLine), [expected]));
  }

  it("says once that a folder is unknown", () =>
    assert.equal(sort("foo/a.yaml", "foo/b.yaml").problems.length, 1));
});
