/** What a failed talosctl call says about the machine it asked. */
export type TalosctlErrorKind =
  /** No talosctl on PATH. */
  | "missing"
  /** Nobody listens there, or there is no way to it. */
  | "refused"
  /** No answer within the call's own time. */
  | "silent"
  /** The server's certificate is not from our CA: maintenance mode, or another cluster's machine. */
  | "untrusted"
  /** Our CA, but the certificate does not name the address that was asked. */
  | "unnamed"
  /** The server refuses a caller without a certificate it knows: a configured machine. */
  | "certificate-required"
  /** The connection broke before the server said anything. */
  | "broken"
  | "unimplemented"
  | "not-found"
  | "permission-denied"
  | "already-exists"
  | "failed-precondition"
  | "invalid-argument"
  | "other";

/** Failed talosctl call. The message is redacted and short; it can be shown. */
export class TalosctlError extends Error {
  constructor(
    readonly kind: TalosctlErrorKind,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Texts of the gRPC and TLS libraries inside talosctl, in the order they are looked for: a TLS
 * failure is wrapped in a connection error with code Unavailable, so it comes first.
 *
 * @see Go crypto/tls alerts, crypto/x509 errors; grpc-go v1.7x transport errors (talosctl 1.12, 1.13)
 */
const texts: readonly [RegExp, TalosctlErrorKind][] = [
  [
    /signed by unknown authority|certificate has expired or is not yet valid|failed to verify certificate: x509: (?!certificate is valid for|cannot validate certificate for)/,
    "untrusted",
  ],
  [/x509: certificate is valid for|x509: cannot validate certificate for/, "unnamed"],
  [
    /remote error: tls: (certificate required|bad certificate|unknown certificate|unknown certificate authority|expired certificate|handshake failure)/,
    "certificate-required",
  ],
  [
    /connection refused|no route to host|network is unreachable|host is down|no such host/,
    "refused",
  ],
  [/i\/o timeout|code = DeadlineExceeded|context deadline exceeded/, "silent"],
  [
    /broken pipe|connection reset by peer|error reading server preface|code = Unavailable desc = (EOF|unexpected EOF|closing transport)|transport is closing|error reading from server: EOF/,
    "broken",
  ],
  [/code = Unimplemented/, "unimplemented"],
  [/code = NotFound|resource \S+ doesn't exist/, "not-found"],
  [/code = PermissionDenied/, "permission-denied"],
  [/code = AlreadyExists/, "already-exists"],
  [/code = FailedPrecondition/, "failed-precondition"],
  [/code = InvalidArgument/, "invalid-argument"],
];

/** Kind of failure, from what talosctl wrote to stderr. */
export function classify(stderr: string): TalosctlErrorKind {
  return texts.find(([text]) => text.test(stderr))?.[1] ?? "other";
}

/** The sentence that matters of talosctl's stderr: the innermost description, without its wrapping. */
export function summarize(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s*/, "").trim())
    .filter(
      (line) => line !== "" && !/^WARNING:/.test(line) && !/^\d+ errors? occurred:$/.test(line),
    );
  const text =
    lines.find((line) => /rpc error/.test(line)) ??
    lines.find((line) => /error/.test(line)) ??
    lines[0] ??
    "no explanation";
  return text
    .replace(/^.*?rpc error: code = \w+ desc = /, "")
    .replace(/^connection error: desc = "(.*)"$/, "$1");
}
