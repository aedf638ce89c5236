import { registerModule } from "../modules";
import { Bootstrap, type BootstrapArgs } from "./bootstrap";
import { ConfigurationApply, type ConfigurationApplyArgs } from "./configuration-apply";
import { Secrets } from "./secrets";

export * from "./bootstrap";
export * from "./configuration-apply";
export * from "./get-configuration";
export * from "./secrets";

// A rehydrated resource has no arguments, which the constructors rightly demand of everyone else.
const noArgs = undefined as unknown as BootstrapArgs & ConfigurationApplyArgs;

registerModule({
  [Bootstrap.__pulumiType]: (name, options) => new Bootstrap(name, noArgs, options),
  [ConfigurationApply.__pulumiType]: (name, options) =>
    new ConfigurationApply(name, noArgs, options),
  [Secrets.__pulumiType]: (name, options) => new Secrets(name, undefined, options),
});
