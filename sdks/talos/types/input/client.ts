import type * as output from "../output/client";
import type { InputsOf } from "../shape";

export type GetConfigurationClientConfiguration = output.GetConfigurationClientConfiguration;
export type GetConfigurationClientConfigurationArgs =
  InputsOf<output.GetConfigurationClientConfiguration>;
