import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import { labRequestSchema } from "./settings";

const addresses = z.array(z.string()).readonly();

const recordSchema = z.object({
  /** What a person asked for: the same again means the same lab. */
  request: labRequestSchema,
  plan: z.object({
    bootVersion: z.string(),
    talosVersion: z.string(),
    kubernetesVersion: z.string(),
    endpoint: z.string(),
    controllers: addresses,
    workers: addresses,
    spares: addresses,
    generated: z.boolean(),
    config: z.record(z.string(), z.string()),
  }),
  /** The running `talos-lab`; none while it is being started. */
  process: z.object({ pid: z.number(), host: z.string(), startedAt: z.string() }).optional(),
});

/** What lab.json says of a lab. */
export type LabRecord = z.infer<typeof recordSchema>;

/** A Unix socket's address holds no more, and talos-lab would only say "invalid argument". */
const longestSocketPath = 107;

/** Where a lab keeps everything. Removing this directory, with its processes ended, leaves no trace. */
export class LabDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
    if (Buffer.byteLength(this.controlSocket) > longestSocketPath)
      throw new Error(
        `TALOS_LAB_DIRECTORY: ${this.path} is too long for a socket in it. Choose a shorter path.`,
      );
  }

  get recordFile() {
    return join(this.path, "lab.json");
  }
  get controlSocket() {
    return join(this.path, "control.sock");
  }
  get logFile() {
    return join(this.path, "lab.log");
  }
  get pidFile() {
    return join(this.path, "lab.pid");
  }
  get kubeconfig() {
    return join(this.path, "kubeconfig");
  }
  get talosconfig() {
    return join(this.path, "talosconfig");
  }
  get pulumiHome() {
    return join(this.path, "pulumi-home");
  }
  get pulumiState() {
    return join(this.path, "pulumi-state");
  }
  get nodesFile() {
    return join(this.path, "nodes.yaml");
  }
  get configFile() {
    return join(this.path, "Pulumi.lab.yaml");
  }

  /** The path as people see it in messages: relative where that is shorter. */
  get shown(): string {
    const short = relative(process.cwd(), this.path);
    return short.startsWith(`..${sep}`) ? this.path : short;
  }

  /** The lab's record; none when there is no lab here. Throws when the directory is somebody else's. */
  read(): LabRecord | undefined {
    if (!existsSync(this.path) || readdirSync(this.path).length === 0) return undefined;
    if (!existsSync(this.recordFile))
      throw new Error(
        `${this.path}: this directory holds files, and none of a lab (no lab.json). Choose another TALOS_LAB_DIRECTORY, or remove it yourself.`,
      );
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(this.recordFile, "utf8")));
    if (parsed.success) return parsed.data;
    throw new Error(
      `${this.recordFile}: ${z.prettifyError(parsed.error)}. Run \`npm run lab:down\`.`,
    );
  }

  /** Writes the record whole: a killed run leaves the old one or the new one. */
  write(record: LabRecord): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const temporary = `${this.recordFile}.new`;
    writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`);
    renameSync(temporary, this.recordFile);
  }

  /** Whether the files here are a lab's, readable or not. */
  get isLab(): boolean {
    return existsSync(this.recordFile);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
