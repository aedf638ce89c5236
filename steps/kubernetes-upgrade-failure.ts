import { shorten } from "./output";
import { redact } from "./redaction";

/** What an upgrade-k8s that failed means. */
export interface UpgradeFailure {
  /** Its own words, redacted and short. */
  readonly words: string;
  /** Whether the same call may go further: it goes on where it was. */
  readonly retry: boolean;
  /** What a person can do about it. */
  readonly next: string;
}

interface Known {
  readonly pattern: RegExp;
  readonly retry: boolean;
  readonly next: string;
}

/** Its refusals and failures, the most telling first. */
const known: readonly Known[] = [
  {
    pattern: /REMOVED (ADMISSION PLUGIN|FEATURE GATE|FLAG|RESOURCE)/,
    retry: false,
    next: "take what is named out of your patches (or delete the objects) while kubernetesVersion is still the old one, run pulumi up, then raise it again",
  },
  {
    pattern: /unsupported upgrade path|error creating upgrade path/,
    retry: false,
    next: "go one minor at a time; a talosctl as new as the newest Talos knows the newest Kubernetes",
  },
  {
    pattern:
      /(version of Kubernetes|Kubernetes version) \S+ is too (old|new)|is not supported|not supported with Talos/i,
    retry: false,
    next: "raise talosVersion first, or choose a Kubernetes that every machine's Talos runs",
  },
  {
    pattern: /pre-pulling|pulling image/,
    retry: true,
    next: "see that the registry has the image of this version, and that the machine named reaches it",
  },
  {
    pattern: /node is not ready/,
    retry: true,
    next: "see why the Node is not Ready: kubectl describe node; without a network plugin none ever is",
  },
  {
    pattern: /kubelet is not healthy|node version mismatch|node "[^"]*" not found/,
    retry: true,
    next: "see why its kubelet does not come up: talosctl --nodes <address> service kubelet, logs kubelet",
  },
  {
    pattern: /manifest|inventory/,
    retry: true,
    next: "every component is up to date but the bootstrap manifests are not: look at the objects named with kubectl, then run pulumi up again",
  },
];

const unknown: Known = {
  pattern: /(?:)/,
  retry: true,
  next: "look at the machine and the part named, mend it, then run pulumi up again: it goes on from here",
};

/** Longest explanation: a table of removed flags over many machines is cut. */
const longestWords = 800;

/** Reads what upgrade-k8s wrote to stderr. */
export function readUpgradeFailure(
  stderr: string,
  secrets: readonly string[] = [],
): UpgradeFailure {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim().replace(/\s{2,}/g, " "))
    .filter((line) => line !== "" && !/^WARNING:/.test(line) && !/^[EWI]\d{4} /.test(line));
  const words = lines.length === 0 ? "no explanation" : lines.join("; ");
  const { retry, next } = known.find(({ pattern }) => pattern.test(words)) ?? unknown;
  return { words: shorten(redact(words, secrets), longestWords), retry, next };
}
