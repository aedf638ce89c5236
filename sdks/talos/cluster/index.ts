import { registerModule } from "../modules";
import { Kubeconfig, type KubeconfigArgs } from "./kubeconfig";

export * from "./kubeconfig";

// A rehydrated resource has no arguments, which the constructor rightly demands of everyone else.
const noArgs = undefined as unknown as KubeconfigArgs;

registerModule({
  [Kubeconfig.__pulumiType]: (name, options) => new Kubeconfig(name, noArgs, options),
});
