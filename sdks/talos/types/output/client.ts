/** What a client needs to talk to the Talos API over mutual TLS: each value base64 of PEM. */
export interface GetConfigurationClientConfiguration {
  /** Certificate of the authority that signed the machines' certificates. */
  caCertificate: string;
  /** Certificate of the client. Its organisation is its role on the machines. */
  clientCertificate: string;
  /** Private key of the client certificate. Secret. */
  clientKey: string;
}
