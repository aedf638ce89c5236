import { request } from "node:http";
import { z } from "zod";

const applySchema = z.looseObject({
  at: z.string(),
  mode: z.string(),
  resolvedMode: z.string(),
  dryRun: z.boolean(),
  insecure: z.boolean(),
  rebooted: z.boolean(),
});
const machineSchema = z.looseObject({
  address: z.string(),
  name: z.string(),
  role: z.enum(["controller", "worker", ""]),
  stage: z.string(),
  ready: z.boolean(),
  talosVersion: z.string(),
  kubernetesVersion: z.string(),
  bootId: z.string(),
  boots: z.number(),
  applies: z.array(applySchema).nullable(),
  bootstraps: z.number(),
});
const reportSchema = z.looseObject({
  machines: z.array(machineSchema),
  invariants: z.looseObject({
    maxControllersOut: z.number(),
    quorumLost: z.boolean(),
    insecureConfigsAfterFirstApply: z.number(),
    bootstraps: z.number(),
  }),
});

/** What a lab recorded: its machines, and what must never have happened. */
export type LabReport = z.infer<typeof reportSchema>;
/** One machine of a {@link LabReport}. */
export type MachineReport = LabReport["machines"][number];
/** `off`: connections are refused, the disk is kept. `hang`: connections are taken, nothing is answered. */
export type PowerState = "on" | "off" | "hang";

/** What a machine tells of the image it runs; plain Talos where nothing is said. */
export interface MachineImage {
  /** @default false */
  readonly secureBoot?: boolean;
  /** System extensions under their authors' names. The image factory's `schematic` is there anyway. @default [] */
  readonly extensions?: readonly { readonly name: string; readonly version: string }[];
}

const timeoutMilliseconds = 30_000;

/** Client of a running lab's control socket. */
export class ControlClient {
  constructor(private readonly socketPath: string) {}

  /** What the lab recorded so far. */
  async report(): Promise<LabReport> {
    return reportSchema.parse(await this.call("GET", "/report"));
  }

  /** Switches a machine on or off, or lets it hang. */
  async power(address: string, state: PowerState): Promise<void> {
    await this.call("POST", `/machines/${address}/power`, { state });
  }

  /** Empties a machine's disk: it boots the medium again, into maintenance mode. */
  async wipe(address: string): Promise<void> {
    await this.call("POST", `/machines/${address}/wipe`);
  }

  /** Makes a machine one that was started from such an image. It is told at once, without a boot. */
  async image(address: string, image: MachineImage): Promise<void> {
    await this.call("POST", `/machines/${address}/image`, image);
  }

  /** Any call, for faults that have no method here. Throws with the lab's own words when it refuses. */
  call(method: "GET" | "POST", path: string, body?: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { socketPath: this.socketPath, method, path, timeout: timeoutMilliseconds },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            if ((response.statusCode ?? 500) >= 300)
              return reject(
                new Error(`lab: ${method} ${path}: ${response.statusCode} ${text.trim()}`),
              );
            resolve(text.trim() === "" ? undefined : JSON.parse(text));
          });
        },
      );
      outgoing.on("timeout", () =>
        outgoing.destroy(new Error(`no answer within ${timeoutMilliseconds / 1000} s`)),
      );
      outgoing.on("error", (error) =>
        reject(
          new Error(
            `${this.socketPath}: the lab does not answer (${error.message}). Is it running?`,
          ),
        ),
      );
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
