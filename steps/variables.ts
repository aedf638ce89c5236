import type { Machine, Role } from "./machine";
import {
  parseAddress,
  parseEndpoint,
  parseFlag,
  parseMachines,
  parseName,
  parseRelease,
  parseRole,
  parseSeconds,
  parseText,
  parseVersion,
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
