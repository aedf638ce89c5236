/**
 * What `work` returns; stack traces have a single line meanwhile.
 *
 * For each property of a resource the SDK takes down four stack traces and maps every line to its source (3.248.0,
 * debuggablePromise): a sixth of the preview of a big cluster, for people who look for a promise that never ends. An error that
 * `work` throws tells only where it was thrown.
 */
export function withShortStacks<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
