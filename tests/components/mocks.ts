import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

// The SDK's mocks know no resource hooks (3.248.0): registering one would wait for ever.
Object.assign(MockMonitor.prototype, {
  registerResourceHook: (_request: unknown, callback: (error: null, response: object) => void) =>
    callback(null, {}),
});

/** What the engine is told of a resource beside its inputs; the SDK's mocks hand on none of it. */
export interface RegisteredOptions {
  /** Names of the resources it waits for. */
  readonly dependsOn: readonly string[];
  /** Names of the resources that its inputs come from: with one of them it may be replaced. */
  readonly inputsFrom: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly aliases: number;
}

/** A resource as the engine would be told of it. */
export interface Registered extends RegisteredOptions {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

interface RegisterRequest {
  getName(): string;
  getDependenciesList(): readonly string[];
  getPropertydependenciesMap(): {
    forEach(visit: (property: { getUrnsList(): readonly string[] }) => void): void;
  };
  getIgnorechangesList(): readonly string[];
  getReplaceonchangesList(): readonly string[];
  getDeletebeforereplace(): boolean;
  getAliasesList(): readonly unknown[];
}

const namesOf = (urns: readonly string[]): string[] =>
  urns.map((urn) => urn.slice(urn.lastIndexOf("::") + 2));

function inputsFrom(request: RegisterRequest): string[] {
  const names: string[] = [];
  request
    .getPropertydependenciesMap()
    .forEach((property) => names.push(...namesOf(property.getUrnsList())));
  return names;
}

type Register = (this: unknown, request: RegisterRequest, callback: unknown) => unknown;

const options = new Map<string, RegisteredOptions>();
const monitor = MockMonitor.prototype as unknown as { registerResource: Register };
const registerResource = monitor.registerResource;
monitor.registerResource = function (request, callback) {
  options.set(request.getName(), {
    dependsOn: namesOf(request.getDependenciesList()),
    inputsFrom: inputsFrom(request),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    aliases: request.getAliasesList().length,
  });
  return registerResource.call(this, request, callback);
};

const secretsState = {
  machineSecrets: { cluster: { id: "id", secret: "secret" } },
  clientConfiguration: { caCertificate: "Y2E=", clientCertificate: "Y3J0", clientKey: "a2V5" },
};

const invokes: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "talos:machine/getConfiguration:getConfiguration": (inputs) => ({
    ...inputs,
    machineConfiguration: `base of ${String(inputs.machineType)}`,
  }),
  "talos:client/getConfiguration:getConfiguration": (inputs) => ({
    ...inputs,
    talosConfig: "talosconfig",
  }),
};

const states: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "talos:machine/secrets:Secrets": () => secretsState,
  "talos:machine/configurationApply:ConfigurationApply": () => ({
    machineConfigurationHash: "hash",
    machineConfiguration: "rendered",
  }),
  "talos:cluster/kubeconfig:Kubeconfig": () => ({ kubeconfigRaw: "kubeconfig" }),
  "talos:imageFactory/schematic:Schematic": () => ({}),
  "command:local:Command": () => ({ stdout: "", stderr: "" }),
  "taloscluster:index:TalosCluster": () => ({}),
  "taloscluster:index:TalosNode": () => ({}),
};

/** Most steps are replaced by a change: another environment, another resource. */
function usualId(_type: string, name: string, { environment }: Record<string, unknown>): string {
  return `${name}-${environment === undefined ? "id" : JSON.stringify(environment)}`;
}

/** What was registered since {@link startMocks}; unknown resources and functions throw. */
export const registered: Registered[] = [];

/** Starts the mocks: call before the program's classes are constructed. */
export function startMocks(
  idOf: (type: string, name: string, inputs: Record<string, unknown>) => string = usualId,
): void {
  registered.length = 0;
  options.clear();
  void pulumi.runtime.setMocks(
    {
      newResource(args) {
        const state = states[args.type];
        if (state === undefined) throw new Error(`no mock for resource ${args.type}`);
        registered.push({
          type: args.type,
          name: args.name,
          inputs: args.inputs as Record<string, unknown>,
          ...options.get(args.name)!,
        });
        return {
          id: idOf(args.type, args.name, args.inputs as Record<string, unknown>),
          state: { ...args.inputs, ...state(args.inputs as Record<string, unknown>) } as Record<
            string,
            unknown
          >,
        };
      },
      call(args) {
        const invoke = invokes[args.token];
        if (invoke === undefined) throw new Error(`no mock for function ${args.token}`);
        return invoke(args.inputs as Record<string, unknown>);
      },
    },
    "talos-cluster",
    "test",
    false,
  );
}

/** The value of an output. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => void output.apply((value) => resolve(value as pulumi.Unwrap<T>)));
}
