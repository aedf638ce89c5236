import { named } from "./register";
import type { Registered } from "./mocks";

/** Names of all that must have ended before a resource is touched. */
export function allBefore(all: readonly Registered[], name: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (current: string): void => {
    for (const before of named(all, current).dependsOn) {
      if (seen.has(before)) continue;
      seen.add(before);
      visit(before);
    }
  };
  visit(name);
  return seen;
}

/** The direct dependencies of a resource among those of machines: upgrades, configs and waits. */
export function machinesBefore(all: readonly Registered[], name: string): string[] {
  return named(all, name)
    .dependsOn.filter((before) => /-(upgrade|config|ready)(-\d+)?$/.test(before))
    .sort();
}
