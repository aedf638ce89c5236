import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { PluginPackage } from "./plugin-packages";

const run = promisify(execFile);
const downloadTimeoutMilliseconds = 300_000;
const stallTimeoutMilliseconds = 8_000;
const rememberMilliseconds = 24 * 3600 * 1000;

/** The last time the official plugins could not be had. */
interface FailedAttempt {
  readonly at: string;
  readonly reason: string;
}

/** What became of the official plugin. */
export interface OfficialPlugin {
  /** The downloaded program; none when it could not be had. */
  readonly path?: string;
  /** Why there is none. */
  readonly reason?: string;
  /** Whether that was found out on another day's or hour's attempt, and remembered. */
  readonly remembered?: boolean;
}

/**
 * Downloads a plugin into the user's cache with `pulumi plugin install`, once for all clones and labs.
 *
 * A failure is remembered for a day, so that a machine without internet loses seconds once and not in every run.
 */
export async function officialPlugin(
  plugin: PluginPackage,
  pulumi: string,
  cache: string,
): Promise<OfficialPlugin> {
  const home = join(cache, "official-plugins");
  const directory = `resource-${plugin.name}-v${plugin.version}`;
  const path = join(home, "plugins", directory, `pulumi-resource-${plugin.name}`);
  const failure = failurePath(plugin, cache);
  if (existsSync(path) && !existsSync(join(home, "plugins", `${directory}.partial`)))
    return { path };
  const earlier = readFailure(failure);
  if (earlier !== undefined) return { reason: earlier.reason, remembered: true };

  try {
    await download(plugin, pulumi, home);
    if (!existsSync(path)) throw new Error(`${path} is missing after the download`);
    return { path };
  } catch (error) {
    const reason = reasonOf(error);
    mkdirSync(dirname(failure), { recursive: true });
    writeFileSync(failure, JSON.stringify({ at: new Date().toISOString(), reason }));
    return { reason };
  }
}

/** File that remembers a failed download: deleting it makes the next run try at once. */
export function failurePath(
  plugin: Pick<PluginPackage, "name" | "version">,
  cache: string,
): string {
  return join(cache, "official-plugins", `${plugin.name}-${plugin.version}.failed.json`);
}

/** A failure that is still to be believed; an old one is forgotten. */
export function readFailure(path: string, now = Date.now()): FailedAttempt | undefined {
  try {
    const failure = JSON.parse(readFileSync(path, "utf8")) as FailedAttempt;
    if (now - Date.parse(failure.at) < rememberMilliseconds) return failure;
    rmSync(path, { force: true });
  } catch {
    // None, or one that cannot be read: the next attempt writes a new one.
  }
  return undefined;
}

async function download(plugin: PluginPackage, pulumi: string, home: string): Promise<void> {
  mkdirSync(home, { recursive: true });
  const temporary = mkdtempSync(join(home, "download-"));
  const partial = join(home, "plugins", `resource-${plugin.name}-v${plugin.version}.partial`);
  const server = plugin.server === undefined ? [] : ["--server", plugin.server];
  const stalled = new AbortController();
  // A network that swallows packets answers nothing for minutes: no new bytes, no more waiting.
  const stopWatching = watchForStall(
    () => existsSync(partial) || bytesIn(temporary),
    () => stalled.abort(),
  );
  try {
    await run(
      pulumi,
      ["plugin", "install", "resource", plugin.name, plugin.version, "--exact", ...server],
      {
        env: {
          ...process.env,
          PULUMI_HOME: home,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          TMPDIR: temporary,
        },
        timeout: downloadTimeoutMilliseconds,
        killSignal: "SIGKILL",
        signal: stalled.signal,
      },
    );
  } finally {
    stopWatching();
    rmSync(temporary, { recursive: true, force: true });
  }
}

function watchForStall(progress: () => number | boolean, onStall: () => void): () => void {
  let last = progress();
  let lastChange = Date.now();
  const timer = setInterval(() => {
    const now = progress();
    if (now !== last || now === true) [last, lastChange] = [now, Date.now()];
    else if (Date.now() - lastChange > stallTimeoutMilliseconds) onStall();
  }, 500);
  return () => clearInterval(timer);
}

const bytesIn = (directory: string) =>
  readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

/** The telling line of what pulumi printed, without its retries. */
export function reasonOf(error: unknown): string {
  const {
    stderr = "",
    name,
    message,
  } = error as { stderr?: string; name?: string; message: string };
  if (name === "AbortError") return `no answer within ${stallTimeoutMilliseconds / 1000} s`;
  const cause = /(dial tcp|lookup|connect|x509|tls|HTTP|status code)[^\n]*/.exec(stderr)?.[0];
  return (cause ?? /error: ([^\n]*)/.exec(stderr)?.[1] ?? message.split("\n")[0] ?? message).trim();
}
