import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { nodesJsonSchema } from "../../model/nodes-schema";

interface JsonSchema {
  readonly $ref?: string;
  readonly allOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: JsonSchema;
}

const schema = nodesJsonSchema() as unknown as JsonSchema & {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
};

function placesIn(part: JsonSchema, path: string): [string, JsonSchema][] {
  return [
    [path, part],
    ...Object.entries(part.properties ?? {}).flatMap(([key, value]) =>
      placesIn(value, `${path}.${key}`),
    ),
    ...(part.items === undefined ? [] : placesIn(part.items, `${path}[]`)),
  ];
}

const places = [
  ...placesIn(schema, ""),
  ...Object.entries(schema.definitions).flatMap(([name, part]) => placesIn(part, name)),
];

describe("JSON Schema of nodes files", () => {
  it("is the committed one: run `npm run schema` when it is not", () =>
    assert.deepEqual(
      JSON.parse(readFileSync("nodes/nodes.schema.json", "utf8")),
      JSON.parse(JSON.stringify(schema)),
    ));

  it("describes every field", () => {
    const described = (part: JsonSchema): boolean =>
      part.description !== undefined ||
      (part.allOf ?? []).some(described) ||
      (part.$ref !== undefined &&
        described(schema.definitions[part.$ref.replace("#/definitions/", "")] ?? {}));
    const isField = (path: string) => path.includes(".") && !path.endsWith("[]");
    assert.ok(places.filter(([path]) => isField(path)).length > 90);
    assert.deepEqual(
      places.filter(([path, part]) => isField(path) && !described(part)).map(([path]) => path),
      [],
    );
  });

  it("knows no keys but ours", () =>
    assert.deepEqual(
      places
        .filter(([, part]) => part.properties !== undefined && part.additionalProperties !== false)
        .map(([path]) => path),
      [],
    ));

  it("asks a machine for its name and address only: all else may come from the defaults", () => {
    assert.deepEqual(schema.definitions.Node?.required, ["name", "address"]);
    assert.equal(schema.definitions.NodeSettings?.required, undefined);
  });
});
