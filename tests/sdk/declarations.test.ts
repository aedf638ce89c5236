import assert from "node:assert/strict";
import { leftOutFunctions, pathOf } from "./left-out";
import { officialClient, type OfficialClient, type Properties } from "./official-client";
import { TypedClient } from "./typed-client";

describe("sdks/talos declares what the official client declares", function () {
  this.timeout(120_000);

  let official: OfficialClient;
  let ours: TypedClient;

  before(async () => {
    official = await officialClient();
    ours = new TypedClient();
  });

  it("every resource with the official inputs, outputs and state", () => {
    const resources = Object.values(official.resources);
    assert.equal(resources.length, 6);
    for (const resource of resources) {
      const { inputs, state } = resource;
      const outputs = asInTypeScript(resource.outputs);
      const path = pathOf(resource);
      assert.deepEqual(ours.resource(path), { inputs, outputs, state }, path);
    }
  });

  it("every function in both forms with the official arguments and results", () => {
    for (const [token, { module, name, inputs, outputs }] of Object.entries(official.functions)) {
      if (leftOutFunctions.includes(token)) continue;
      const path = pathOf({ module, name });
      assert.deepEqual(ours.func(path), { inputs, outputs }, path);
      assert.deepEqual(ours.func(`${path}Output`), { inputs, outputs }, `${path}Output`);
    }
  });

  it("in the official modules nothing else, and nothing less than was left out on purpose", () => {
    const all = { ...official.resources, ...official.functions };
    const unknown = leftOutFunctions.filter((token) => !(token in all));
    assert.deepEqual(unknown, [], "left out, but not official");
    const kept = Object.entries(all).filter(([token]) => !leftOutFunctions.includes(token));
    for (const module of ["client", "cluster", "imagefactory", "machine"]) {
      const names = kept
        .filter(([, declared]) => declared.module === module)
        .flatMap(([token, { name }]) =>
          token in official.functions ? [name, `${name}Output`] : [name],
        );
      assert.deepEqual(ours.values(module).sort(), names.sort(), module);
    }
  });

  it("argument, state and result types under the official names", () => {
    const { resources, functions } = official;
    for (const resource of Object.values(resources)) {
      const suffixes = resource.module === "" ? ["Args"] : ["Args", "State"];
      assertExported(
        resource.module,
        suffixes.map((suffix) => resource.name + suffix),
      );
    }
    for (const [token, { module, name }] of Object.entries(functions)) {
      if (leftOutFunctions.includes(token)) continue;
      const suffixes = ["Args", "OutputArgs", "Result"];
      assertExported(
        module,
        suffixes.map((suffix) => capitalized(name) + suffix),
      );
    }
  });

  it("the official nested types, under types.input and types.output", () => {
    for (const direction of ["input", "output"] as const) {
      for (const [module, names] of Object.entries(official.typeNames)) {
        const leftOut = leftOutFunctions.map((token) => capitalized(token.split(":").pop() ?? ""));
        const expected = names[direction]
          .map(stemOf)
          .filter((name) => !leftOut.some((stem) => name.startsWith(stem)));
        assert.deepEqual(nestedTypes(direction, module), expected.sort(), `${direction}.${module}`);
      }
    }
  });

  /** Our nested types, which TypeScript keeps under `imageFactory` where Python says imagefactory. */
  function nestedTypes(direction: string, module: string): string[] {
    const namespace = `types.${direction}`;
    const found = ours.names(namespace).find((name) => name.toLowerCase() === module);
    if (found === undefined) return [];
    return [...new Set(ours.names(`${namespace}.${found}`).map(stemOf))].sort();
  }

  function assertExported(module: string, names: string[]): void {
    const exported = module === "" ? ours.rootNames() : ours.names(module);
    for (const name of names) assert.ok(exported.includes(name), `${module}.${name}`);
  }
});

/**
 * Outputs whose properties the plugin always fills in: the schema says so for TypeScript only
 * (language.nodejs.requiredOutputs), so the Python client has them all optional.
 */
const alwaysComplete = ["kubernetesClientConfiguration", "onDestroy"];

function asInTypeScript(outputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => {
      if (!alwaysComplete.includes(name)) return [name, output];
      assert.ok(typeof output.type === "object" && "properties" in output.type, name);
      const nested = Object.entries(output.type.properties);
      const properties = nested.map(([key, { type }]) => [key, { required: true, type }] as const);
      return [name, { ...output, type: { properties: Object.fromEntries(properties) } }];
    }),
  );
}

/** Python adds Args and Result to some names that are plain in TypeScript. */
function stemOf(name: string): string {
  return name.replace(/(Args|Result)$/, "");
}

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
