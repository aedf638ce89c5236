import semver from "semver";
import { imageTag } from "./machine-facts";
import { kubernetesRelease } from "./version-problems";

/** Part of Kubernetes that upgrade-k8s moves. */
export type ComponentName =
  "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kube-proxy" | "kubelet";

/** Part of Kubernetes on one machine, as its config or its pod has it. */
export interface Component {
  /** Node it runs on. */
  readonly node: string;
  readonly name: ComponentName;
  readonly image: string;
}

/**
 * Flag of upgrade-k8s for each component's image, and the image it takes without the flag.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/constants
 */
const flags: Readonly<Record<ComponentName, { readonly flag: string; readonly usual: string }>> = {
  "kube-apiserver": { flag: "--apiserver-image", usual: "registry.k8s.io/kube-apiserver" },
  "kube-controller-manager": {
    flag: "--controller-manager-image",
    usual: "registry.k8s.io/kube-controller-manager",
  },
  "kube-scheduler": { flag: "--scheduler-image", usual: "registry.k8s.io/kube-scheduler" },
  "kube-proxy": { flag: "--proxy-image", usual: "registry.k8s.io/kube-proxy" },
  kubelet: { flag: "--kubelet-image", usual: "ghcr.io/siderolabs/kubelet" },
};

/** Images of own registries as flags: without them upgrade-k8s would go back to the usual ones. */
export function imageFlags(components: readonly Component[]): string[] {
  return (Object.keys(flags) as ComponentName[]).flatMap((name) => {
    const repository = commonest(
      components
        .filter((component) => component.name === name)
        .map(({ image }) => imageRepository(image)),
    );
    const { flag, usual } = flags[name];
    return repository === undefined || repository === usual ? [] : [`${flag}=${repository}`];
  });
}

/** Everything of an image's reference before its tag and digest. A registry's port is no tag. */
export function imageRepository(image: string): string {
  const withoutDigest = image.split("@")[0] ?? "";
  return withoutDigest.replace(/:[^:/]*$/, "");
}

/** Kubernetes release of an image, or none where its tag names none. */
export function imageRelease(image: string): string | undefined {
  const release = kubernetesRelease(imageTag(image) ?? "");
  return semver.valid(release) === null ? undefined : release;
}

function commonest(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, first], [, second]) => second - first)[0]?.[0];
}
