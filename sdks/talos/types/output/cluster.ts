/** What a client needs to talk to the Talos API over mutual TLS: each value base64 of PEM. */
export interface KubeconfigClientConfiguration {
  /** Certificate of the authority that signed the machines' certificates. */
  caCertificate: string;
  /** Certificate of the client. Its role must be os:admin to read the kubeconfig. */
  clientCertificate: string;
  /** Private key of the client certificate. Secret. */
  clientKey: string;
}

/** What a client needs to talk to Kubernetes: the certificates and key are base64 of PEM. */
export interface KubeconfigKubernetesClientConfiguration {
  /** Certificate of the authority that signed the Kubernetes API's certificate. */
  caCertificate: string;
  /** Certificate of the cluster administrator. */
  clientCertificate: string;
  /** Private key of the administrator's certificate. Secret. */
  clientKey: string;
  /** Address of the Kubernetes API, with scheme and port. */
  host: string;
}

/** Longest times for each operation, as Go durations ("30s", "2h45m"). */
export interface KubeconfigTimeouts {
  /**
   * Longest time to fetch the kubeconfig the first time. Defaults to 10 minutes.
   *
   * @default "10m"
   */
  create?: string;
  /**
   * Longest time to fetch it again. Defaults to 10 minutes.
   *
   * @default "10m"
   */
  update?: string;
}
