import type { IdentityInput } from "../model/cluster-input";
import { parseIdentity } from "./hardware";
import type { Machine, Role } from "./machine";
import {
  parseAddress,
  parseByName,
  parseEndpoint,
  parseExtensions,
  parseFlag,
  parseIncarnation,
  parseKnownExtensions,
  parseMachines,
  parseName,
  parseNames,
  parseRelease,
  parseApplyMode,
  parseOnRemove,
  parseRole,
  parseSchematicId,
  parseSecondsOrNone,
  parseShellCommand,
  parseSeconds,
  parseText,
  parseVersion,
  type ApplyMode,
  type Variable,
} from "./variable";

export const node: Variable<string> = {
  name: "NODE",
  description: "name of the machine",
  parse: parseName,
};

export const address: Variable<string> = {
  name: "ADDRESS",
  description: "IP address of the machine",
  parse: parseAddress,
};

export const role: Variable<Role> = {
  name: "ROLE",
  description: "controller or worker",
  parse: parseRole,
};

export const clusterName: Variable<string> = {
  name: "CLUSTER_NAME",
  description: "name of the cluster",
  parse: parseText,
};

export const controllers: Variable<readonly Machine[]> = {
  name: "CONTROLLERS",
  description: "all controllers, name=address,...",
  parse: parseMachines,
};

export const workers: Variable<readonly Machine[]> = {
  name: "WORKERS",
  description: "all workers, name=address,...",
  fallback: { value: [], shown: "none" },
  parse: parseMachines,
};

export const seeds: Variable<readonly Machine[]> = {
  name: "SEEDS",
  description: "the first three controllers, name=address,...; others are known from etcd",
  parse: parseMachines,
};

export const talosVersion: Variable<string> = {
  name: "TALOS_VERSION",
  description: "wanted Talos, as v1.13.0",
  parse: parseVersion,
};

export const kubernetesVersion: Variable<string> = {
  name: "KUBERNETES_VERSION",
  description: "wanted Kubernetes, as v1.35.3",
  parse: parseVersion,
};

export const installerImage: Variable<string> = {
  name: "INSTALLER_IMAGE",
  description: "installer image of the machine",
  parse: parseText,
};

export const oldestTalosVersion: Variable<string> = {
  name: "OLDEST_TALOS_VERSION",
  description: "oldest Talos that knows every document of the configuration, as v1.12",
  parse: parseRelease,
};

export const configured: Variable<boolean> = {
  name: "CONFIGURED",
  description: "true when an earlier run has configured the machine",
  parse: parseFlag,
};

export const identity: Variable<IdentityInput> = {
  name: "IDENTITY",
  description: "hardware the machine is known by, uuid:...+serial:...+mac:...",
  parse: parseIdentity,
};

export const renamedFrom: Variable<string> = {
  name: "RENAMED_FROM",
  description: "name the machine had before",
  parse: parseName,
};

export const incarnation: Variable<number> = {
  name: "INCARNATION",
  description: "how many times the machine was installed, as the stack counts",
  fallback: { value: 1, shown: "1" },
  parse: parseIncarnation,
};

export const previousAddress: Variable<string> = {
  name: "PREVIOUS_ADDRESS",
  description: "address the last configuration was sent to",
  parse: parseAddress,
};

/** Machines on hold are not asked, not changed, and counted as down. */
export const held: Variable<readonly string[]> = {
  name: "HELD",
  description: "machines on hold, name,...: counted as down, and not touched",
  fallback: { value: [], shown: "none" },
  parse: parseNames,
};

export const schematicId: Variable<string> = {
  name: "SCHEMATIC_ID",
  description: "wanted schematic, 64 hex digits",
  parse: parseSchematicId,
};

export const schematics = exceptions(
  "SCHEMATICS",
  "machines whose schematic is not SCHEMATIC_ID, name=<id>,...",
  parseByName("<schematic id>", parseSchematicId),
);

export const gateCommand: Variable<string> = {
  name: "GATE_COMMAND",
  description: "your own check before each machine: a shell command that must exit 0",
  parse: parseShellCommand,
};

export const drainTimeoutSeconds: Variable<number> = {
  name: "DRAIN_TIMEOUT_SECONDS",
  description: "longest wait for the pods of a machine to leave it",
  fallback: { value: 300, shown: "300" },
  parse: parseSeconds,
};

export const stableSeconds: Variable<number> = {
  name: "STABLE_SECONDS",
  description: "how long a machine must stay well before the next one is touched; 0 for not at all",
  fallback: { value: 30, shown: "30" },
  parse: parseSecondsOrNone,
};

export const snapshotDirectory: Variable<string> = {
  name: "SNAPSHOT_DIRECTORY",
  description: "where etcd snapshots are written",
  parse: parseText,
};

export const onRemove: Variable<"forget" | "reset"> = {
  name: "ON_REMOVE",
  description: "what becomes of a machine that is no longer wanted: forget or reset",
  fallback: { value: "forget", shown: "forget" },
  parse: parseOnRemove,
};

export const applyMode: Variable<ApplyMode> = {
  name: "APPLY_MODE",
  description: "auto, no-reboot or staged",
  fallback: { value: "auto", shown: "auto" },
  parse: parseApplyMode,
};

export const recoverFrom: Variable<string> = {
  name: "RECOVER_FROM",
  description: "etcd snapshot that a lost cluster is bootstrapped from",
  parse: parseText,
};

export const teardown: Variable<boolean> = {
  name: "TEARDOWN",
  description: "true when deleting a machine resets it: the whole cluster is being taken down",
  fallback: { value: false, shown: "false" },
  parse: parseFlag,
};

export const graceful: Variable<boolean> = {
  name: "GRACEFUL",
  description: "false resets without drain, without leaving etcd, and without a quorum",
  fallback: { value: true, shown: "true" },
  parse: parseFlag,
};

/** What the step printed when it last ended well; Pulumi gives it under this name. */
export const previousOutput: Variable<string> = {
  name: "PULUMI_COMMAND_STDOUT",
  description: "what this step printed the last time, which tells the machines of then",
  parse: (text) => ({ value: text }),
};

export const endpoint: Variable<URL> = {
  name: "ENDPOINT",
  description: "Kubernetes API, as https://192.168.1.10:6443",
  parse: parseEndpoint,
};

export function deadlineSeconds(seconds: number): Variable<number> {
  return {
    name: "DEADLINE_SECONDS",
    description: "longest the whole step may take",
    fallback: { value: seconds, shown: String(seconds) },
    parse: parseSeconds,
  };
}

/** What is said only of machines that differ from the rest, so that a plain cluster is told nothing of it. */
function exceptions<Value>(
  name: string,
  description: string,
  parse: Variable<ReadonlyMap<string, Value>>["parse"],
): Variable<ReadonlyMap<string, Value>> {
  return { name, description, fallback: { value: new Map(), shown: "none" }, parse };
}

export const canaries = exceptions(
  "CANARIES",
  "machines whose Talos is not TALOS_VERSION, name=v1.13.1,...",
  parseByName("v1.13.1", parseVersion),
);

export const identities = exceptions(
  "IDENTITIES",
  "machines known by their hardware, name=uuid:...+serial:...+mac:...,...",
  parseByName("uuid:...", parseIdentity),
);

export const renames = exceptions(
  "RENAMES",
  "machines that had another name, name=old-name,...",
  parseByName("old-name", parseName),
);

export const incarnations = exceptions(
  "INCARNATIONS",
  "machines that were reinstalled, name=2,...",
  parseByName("2", parseIncarnation),
);

export const extensions = exceptions(
  "EXTENSIONS",
  "machines with system extensions, name=siderolabs/iscsi-tools+...,...; unknown where only the schematic's id is known",
  parseByName("siderolabs/iscsi-tools+...", parseKnownExtensions),
);

export const dropExtensions = exceptions(
  "DROP_EXTENSIONS",
  "extensions in use that are left out on purpose, name=siderolabs/iscsi-tools+...,...",
  parseByName("siderolabs/iscsi-tools+...", parseExtensions),
);

export const secureboot: Variable<readonly string[]> = {
  name: "SECUREBOOT",
  description: "machines with secure boot, name,...",
  fallback: { value: [], shown: "none" },
  parse: parseNames,
};
