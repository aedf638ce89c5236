import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const requirement = "pulumiverse-talos==0.8.1";
const wheel = "pulumiverse_talos-0.8.1-py3-none-any.whl";
// What the tests below hold us against must be the published client, not whatever a mirror serves.
const wheelSha256 = "0195e5c29c5e90d8dfb86e03b40f2d86f643f831b926c578b259e6f01141c09a";

export type ValueType =
  | "string"
  | "boolean"
  | "number"
  | { readonly list: ValueType }
  | { readonly properties: Properties };

export type Properties = Readonly<Record<string, { required: boolean; type: ValueType }>>;

export interface OfficialFunction {
  readonly module: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

export interface OfficialResource extends OfficialFunction {
  readonly state: Properties;
  readonly secretInputs: readonly string[];
  readonly secretOutputs: readonly string[];
  readonly aliases: readonly string[];
}

export interface OfficialClient {
  readonly plugin: { resource: boolean; name: string; version: string; server: string };
  readonly downloadUrl: string;
  readonly resources: Readonly<Record<string, OfficialResource>>;
  readonly functions: Readonly<Record<string, OfficialFunction>>;
  readonly typeNames: Readonly<Record<string, { input: string[]; output: string[] }>>;
}

/** What the official Python client of the same version declares. Downloaded once a user. */
export async function officialClient(): Promise<OfficialClient> {
  const path = await officialWheel();
  const script = join(__dirname, "read-python-client.py");
  const { stdout } = await run("python3", [script, path], { maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout) as OfficialClient;
}

async function officialWheel(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const directory = join(cache, "talos-cluster", "pypi");
  const path = join(directory, wheel);
  if ((await sha256(path)) === wheelSha256) return path;
  await mkdir(directory, { recursive: true });
  const download = await mkdtemp(join(directory, "download-"));
  try {
    await pipDownload(download);
    const found = await sha256(join(download, wheel));
    if (found !== wheelSha256) {
      throw new Error(
        `${requirement}: ${wheel} has SHA-256 ${found ?? "(no such file)"}. The published one has ${wheelSha256}: see which package index pip uses (python3 -m pip config list).`,
      );
    }
    await rename(join(download, wheel), path);
  } finally {
    await rm(download, { recursive: true, force: true });
  }
  return path;
}

async function pipDownload(directory: string): Promise<void> {
  const flags = ["--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", "--quiet"];
  const place = ["--dest", directory, requirement];
  try {
    await run("python3", ["-m", "pip", "download", ...flags, ...place], { timeout: 100_000 });
  } catch (error) {
    const stderr = String((error as { stderr?: string }).stderr ?? error).trim();
    const reason = stderr.split("\n").slice(-3).join("\n");
    throw new Error(
      `${requirement}: pip could not download it from the Python package index. These tests compare with it and do not pass without it: make python3 with pip and the index reachable, then run them again.\n${reason}`,
    );
  }
}

async function sha256(path: string): Promise<string | undefined> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
