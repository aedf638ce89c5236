import { parseTalosctlVersion } from "../model/talosctl-version";
import { runProgram } from "./child-process";

/** Version of the talosctl on PATH, or none when there is no talosctl. */
export async function talosctlVersion(): Promise<string | undefined> {
  const ended = await runProgram("talosctl", ["version", "--client", "--short"], {
    timeoutSeconds: 10,
  });
  if (ended.missing) return undefined;
  return parseTalosctlVersion(ended.stdout);
}
