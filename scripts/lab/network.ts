/** Addresses of a lab: what its network's last numbers mean. */
export interface LabAddresses {
  readonly endpoint: string;
  readonly controllers: readonly string[];
  readonly workers: readonly string[];
  readonly spares: readonly string[];
}

export const defaultNetwork = "127.0.50.0/24";

const first = { endpoint: 1, controllers: 11, workers: 21, spares: 201 } as const;

/** Addresses of machines in a network: endpoint .1, controllers from .11, workers from .21, spares from .201. */
export function addressesIn(
  network: string,
  counts: { controllers: number; workers: number; spares: number },
): LabAddresses {
  const prefix = network.replace(/\.0\/24$/, "");
  const range = (from: number, length: number) =>
    Array.from({ length }, (_, index) => `${prefix}.${from + index}`);
  return {
    endpoint: `${prefix}.${first.endpoint}`,
    controllers: range(first.controllers, counts.controllers),
    workers: range(first.workers, counts.workers),
    spares: range(first.spares, counts.spares),
  };
}

/** The /24 network of an address. */
export function networkOf(address: string): string {
  return address.replace(/\.\d+$/, ".0/24");
}
