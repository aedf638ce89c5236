import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { nodesJsonSchema } from "../../model/nodes-schema";
import { projectDirectory } from "../toolchain";

/** Where the JSON Schema of nodes files lies: beside them, so that they can name it without a path. */
const schemaFile = join(projectDirectory, "nodes", "nodes.schema.json");

/** Writes the JSON Schema of nodes files; false when it was there already, as it has to be. */
export async function writeSchema(): Promise<boolean> {
  if (await isSchemaFresh()) return false;
  writeFileSync(schemaFile, await schemaText());
  return true;
}

/** Whether the JSON Schema is the one that the model's definition makes. */
export async function isSchemaFresh(): Promise<boolean> {
  return existsSync(schemaFile) && readFileSync(schemaFile, "utf8") === (await schemaText());
}

/** The schema as prettier leaves it, or the check of the format would be against it. */
async function schemaText(): Promise<string> {
  const options = await resolveConfig(schemaFile);
  return format(JSON.stringify(nodesJsonSchema()), { ...options, filepath: schemaFile });
}
