/** A program of the toolchain. */
export type ProgramName =
  | "pulumi"
  | "pulumi-language-nodejs"
  | "talosctl"
  | "kubectl"
  | "etcd"
  | "kube-apiserver"
  | "talos-lab"
  | "pulumi-resource-talos"
  | "pulumi-resource-command";

/** How a program is built from a Go module of this repository. */
export interface Program {
  readonly name: ProgramName;
  /** Directory of the Go module, from the project's root. */
  readonly moduleDirectory: string;
  /** Directories of the module that hold other modules. Defaults to none. */
  readonly exclude?: readonly string[];
  /** Go package of the program: an import path, or a path inside our own module. */
  readonly packagePath: string;
  /** Module whose pinned version is the program's. Our own programs have none. */
  readonly pinnedModule?: string;
  /** Linker variables that carry the version. Defaults to none: not every program needs them. */
  readonly linkerVariables?: (version: string) => Readonly<Record<string, string>>;
  /** How long a first build takes on two cores, as people are told. Defaults to nothing said. */
  readonly firstBuild?: string;
  /** Which installed version will do instead. Defaults to none: always built. */
  readonly onPath?: PathRule;
  /** Whether it is linked in `.tools/bin`. @default true */
  readonly linked?: boolean;
}

/** How an installed program is asked for its version, and which versions fit. */
export interface PathRule {
  readonly versionArguments: readonly string[];
  /** Range of semver, where `PIN` stands for the pinned version. */
  readonly fits: (pin: string) => string;
  /** Another program that must be on PATH too, or this one is of no use. */
  readonly needs?: ProgramName;
}

const minorOf = (version: string) => version.replace(/^v?(\d+)\.(\d+)\..*$/, "$2");
const shift = (pin: string, minors: number) => `1.${Number(minorOf(pin)) + minors}.0`;

function kubernetesVariables(version: string): Record<string, string> {
  const base = "k8s.io/component-base/version";
  return {
    [`${base}.gitVersion`]: version,
    [`${base}.gitMajor`]: "1",
    [`${base}.gitMinor`]: minorOf(version),
    [`${base}.gitTreeState`]: "clean",
    "k8s.io/client-go/pkg/version.gitVersion": version,
  };
}

/** Every program, in the order in which they are wanted. */
export const programs: readonly Program[] = [
  {
    name: "pulumi",
    moduleDirectory: "tools/pulumi",
    packagePath: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    pinnedModule: "github.com/pulumi/pulumi/pkg/v3",
    linkerVariables: (version) => ({
      "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version,
    }),
    firstBuild: "4 minutes",
    onPath: {
      versionArguments: ["version"],
      // Not older than the SDK in package.json: an older engine knows no resource hooks of its kind.
      fits: () => ">=3.248.0 <4.0.0",
      needs: "pulumi-language-nodejs",
    },
  },
  {
    name: "pulumi-language-nodejs",
    moduleDirectory: "tools/language-nodejs",
    packagePath: ".",
    firstBuild: "30 seconds",
  },
  {
    name: "talosctl",
    moduleDirectory: "tools/talosctl",
    packagePath: "github.com/siderolabs/talos/cmd/talosctl",
    pinnedModule: "github.com/siderolabs/talos",
    firstBuild: "3 minutes",
    onPath: {
      versionArguments: ["version", "--client", "--short"],
      // The minor decides which calls are made; the lab answers those of the pinned one.
      fits: (pin) => `>=${pin.slice(1)} <${shift(pin, 1)}-0`,
    },
  },
  {
    name: "kubectl",
    moduleDirectory: "tools/kubernetes",
    packagePath: "k8s.io/kubernetes/cmd/kubectl",
    pinnedModule: "k8s.io/kubernetes",
    linkerVariables: kubernetesVariables,
    firstBuild: "1 minute",
    onPath: {
      versionArguments: ["version", "--client"],
      // kubectl's own promise: one minor older or newer than the API server.
      fits: (pin) => `>=${shift(pin, -1)} <${shift(pin, 2)}-0`,
    },
  },
  {
    name: "etcd",
    moduleDirectory: "tools/etcd",
    packagePath: "go.etcd.io/etcd/server/v3",
    pinnedModule: "go.etcd.io/etcd/server/v3",
    firstBuild: "1 minute",
  },
  {
    name: "kube-apiserver",
    moduleDirectory: "tools/kubernetes",
    packagePath: "k8s.io/kubernetes/cmd/kube-apiserver",
    pinnedModule: "k8s.io/kubernetes",
    linkerVariables: kubernetesVariables,
    firstBuild: "5 minutes",
  },
  {
    name: "talos-lab",
    moduleDirectory: "lab",
    exclude: ["plugins"],
    packagePath: "./cmd/talos-lab",
    firstBuild: "1 minute",
  },
  {
    name: "pulumi-resource-talos",
    moduleDirectory: "lab/plugins",
    packagePath: "./cmd/pulumi-resource-talos",
    // Pulumi prefers a plugin on PATH to the installed one, and warns of it in every run.
    linked: false,
    firstBuild: "1 minute",
  },
  {
    name: "pulumi-resource-command",
    moduleDirectory: "lab/plugins",
    packagePath: "./cmd/pulumi-resource-command",
    // Pulumi prefers a plugin on PATH to the installed one, and warns of it in every run.
    linked: false,
    firstBuild: "20 seconds",
  },
];
