import type * as output from "../output/machine";
import type { InputsOf } from "../shape";

export type BootstrapClientConfigurationWo = InputsOf<output.BootstrapClientConfigurationWo>;
export type BootstrapTimeouts = InputsOf<output.BootstrapTimeouts>;
export type ClientConfiguration = InputsOf<output.ClientConfiguration>;
export type ConfigurationApplyClientConfigurationWo =
  InputsOf<output.ConfigurationApplyClientConfigurationWo>;
export type ConfigurationApplyOnDestroy = InputsOf<Partial<output.ConfigurationApplyOnDestroy>>;
export type Timeout = InputsOf<output.Timeout>;

// The ones a function takes come twice: plain, and with the suffix Args made of inputs.
export type Certificate = output.Certificate;
export type CertificateArgs = InputsOf<output.Certificate>;
export type Certificates = output.Certificates;
export type CertificatesArgs = InputsOf<output.Certificates>;
export type Cluster = output.Cluster;
export type ClusterArgs = InputsOf<output.Cluster>;
export type Key = output.Key;
export type KeyArgs = InputsOf<output.Key>;
export type KubernetesSecrets = output.KubernetesSecrets;
export type KubernetesSecretsArgs = InputsOf<output.KubernetesSecrets>;
export type MachineSecrets = output.MachineSecrets;
export type MachineSecretsArgs = InputsOf<output.MachineSecrets>;
export type TrustdInfo = output.TrustdInfo;
export type TrustdInfoArgs = InputsOf<output.TrustdInfo>;
