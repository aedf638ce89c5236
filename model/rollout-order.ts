import type { NodeSpec } from "./cluster-spec";

/** What the order of a roll-out depends on; see ClusterSpec. */
export interface RolloutMachines<Machine> {
  /** In roll-out order. */
  readonly controllers: readonly Machine[];
  readonly workers: readonly Machine[];
  readonly rollout: { readonly maxUnavailable: number };
}

/**
 * Waves of a roll-out: those of a wave are touched side by side, and a wave only when the one before it is done.
 *
 * Each controller is a wave of its own; workers follow in waves of `maxUnavailable`. Machines on hold are in none.
 */
export function rolloutWaves<Machine extends Pick<NodeSpec, "hold">>({
  controllers,
  workers,
  rollout: { maxUnavailable },
}: RolloutMachines<Machine>): readonly (readonly Machine[])[] {
  return [...inWavesOf(1, controllers), ...inWavesOf(maxUnavailable, workers)];
}

/** Machines that are left as they are, in roll-out order. */
export function heldMachines<Machine extends Pick<NodeSpec, "hold">>({
  controllers,
  workers,
}: Pick<RolloutMachines<Machine>, "controllers" | "workers">): readonly Machine[] {
  return [...controllers, ...workers].filter(({ hold }) => hold);
}

function inWavesOf<Machine extends Pick<NodeSpec, "hold">>(
  size: number,
  machines: readonly Machine[],
): Machine[][] {
  const moving = machines.filter(({ hold }) => !hold);
  const count = Math.ceil(moving.length / size);
  return Array.from({ length: count }, (_, wave) => moving.slice(wave * size, (wave + 1) * size));
}
