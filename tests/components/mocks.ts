import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

// The SDK's mocks know no resource hooks (3.248.0): registering one would wait for ever.
Object.assign(MockMonitor.prototype, {
  registerResourceHook: (_request: unknown, callback: (error: null, response: object) => void) =>
    callback(null, {}),
});

/** A resource as the engine would be told of it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

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

/** What was registered since {@link startMocks}; unknown resources and functions throw. */
export const registered: Registered[] = [];

/** Starts the mocks: call before the program's classes are constructed. */
export function startMocks(
  idOf: (type: string, name: string) => string = (_type, name) => `${name}-id`,
): void {
  registered.length = 0;
  void pulumi.runtime.setMocks(
    {
      newResource(args) {
        const state = states[args.type];
        if (state === undefined) throw new Error(`no mock for resource ${args.type}`);
        registered.push({
          type: args.type,
          name: args.name,
          inputs: args.inputs as Record<string, unknown>,
        });
        return {
          id: idOf(args.type, args.name),
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
