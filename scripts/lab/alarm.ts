import type { Alarm } from "./report-text";

/** Red on a terminal; as it is in a file, in a pipe, and where NO_COLOR is set. */
export function alarmFor(
  stream: { isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): Alarm {
  if (stream.isTTY !== true || environment.NO_COLOR) return (text) => text;
  return (text) => `\u001b[31m${text}\u001b[39m`;
}
