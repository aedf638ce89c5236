import type * as output from "../output/cluster";
import type { InputsOf } from "../shape";

export type KubeconfigClientConfiguration = InputsOf<output.KubeconfigClientConfiguration>;
export type KubeconfigKubernetesClientConfiguration = InputsOf<
  Partial<output.KubeconfigKubernetesClientConfiguration>
>;
export type KubeconfigTimeouts = InputsOf<output.KubeconfigTimeouts>;
