import { request } from "node:http";
import type { FaultName } from "./faults";
import { reportSchema, type LabReport } from "./report-schema";

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

  /** Lets something go wrong with a machine until it is lifted. */
  async setFault(address: string, fault: FaultName): Promise<void> {
    await this.call("POST", `/machines/${address}/faults`, { fault, set: true });
  }

  /** Lifts one fault of a machine, all of a machine, or all of all machines. */
  async clearFaults(address?: string, fault?: FaultName): Promise<void> {
    if (address === undefined) await this.call("POST", "/faults/clear");
    else if (fault === undefined)
      await this.call("POST", `/machines/${address}/faults`, { clear: true });
    else await this.call("POST", `/machines/${address}/faults`, { fault, set: false });
  }

  /** Makes a machine's own clock wrong by an offset such as `-24h`, so that it is in sync no more; `0s` rights it. */
  async clock(address: string, offset: string): Promise<void> {
    await this.call("POST", `/machines/${address}/clock`, { offset });
  }

  /** Lets time go on for all machines, which stay in sync; offset as for {@link clock}. */
  async labClock(offset: string): Promise<void> {
    await this.call("POST", "/clock", { offset });
  }

  /** Puts another boot medium into a machine; one that runs from its medium boots it at once. */
  async medium(address: string, talosVersion: string): Promise<void> {
    await this.call("POST", `/machines/${address}/medium`, { talosVersion });
  }

  /** Forgets what happened so far. The machines go on as they are. */
  async resetRecord(): Promise<void> {
    await this.call("POST", "/record/reset");
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
