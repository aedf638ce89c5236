/** What a client needs to talk to the Talos API over mutual TLS: each value base64 of PEM. */
export interface ClientConfiguration {
  /** Certificate of the authority that signed the machines' certificates. */
  caCertificate: string;
  /** Certificate of the client: os:admin, valid for one year, minted again in its last month. */
  clientCertificate: string;
  /** Private key of the client certificate. Secret. */
  clientKey: string;
}

/** A client configuration that is not meant for the state. */
export interface BootstrapClientConfigurationWo {
  /** Certificate of the authority that signed the machines' certificates. Secret. */
  caCertificate: string;
  /** Certificate of the client. Secret. */
  clientCertificate: string;
  /** Private key of the client certificate. Secret. */
  clientKey: string;
}

/** A client configuration that is not meant for the state. */
export interface ConfigurationApplyClientConfigurationWo {
  /** Certificate of the authority that signed the machines' certificates. Secret. */
  caCertificate: string;
  /** Certificate of the client. Secret. */
  clientCertificate: string;
  /** Private key of the client certificate. Secret. */
  clientKey: string;
}

/** What happens to the machine when its `ConfigurationApply` is deleted. */
export interface ConfigurationApplyOnDestroy {
  /**
   * Whether the machine leaves etcd before it is reset. Defaults to true.
   *
   * etcd refuses to let its last voting member leave: reset the last controller with false.
   *
   * @default true
   */
  graceful: boolean;
  /**
   * Whether the machine boots again after the reset. Defaults to false: it stays off.
   *
   * @default false
   */
  reboot: boolean;
  /**
   * Whether the machine is reset: its STATE and EPHEMERAL partitions are wiped. Defaults to
   * false, which leaves the machine as it is.
   *
   * @default false
   */
  reset: boolean;
}

/** Longest time for the bootstrap, as a Go duration ("30s", "2h45m"). */
export interface BootstrapTimeouts {
  /**
   * Longest time until the machine accepts the bootstrap. Defaults to 10 minutes.
   *
   * @default "10m"
   */
  create?: string;
}

/** Longest times for each operation, as Go durations ("30s", "2h45m"). */
export interface Timeout {
  /**
   * Longest time until the machine accepts its first configuration. Defaults to 10 minutes.
   *
   * @default "10m"
   */
  create?: string;
  /**
   * Longest time for the reset. Defaults to 10 minutes.
   *
   * Taken from the state: a change counts only once an update has stored it.
   *
   * @default "10m"
   */
  delete?: string;
  /**
   * Longest time until the machine accepts a changed configuration. Defaults to 10 minutes.
   *
   * @default "10m"
   */
  update?: string;
}
