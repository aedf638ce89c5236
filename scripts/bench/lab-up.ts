import type { Figure } from "./figure";

/** From `npm run lab` to a healthy cluster of four machines, tools built. */
export const labUpSeconds: Figure = {
  name: "labUpSeconds",
  description: "npm run lab, 3 controllers and 1 worker, tools built",
  limit: 60,
  measure: async ({ fourMachines }) => (await fourMachines()).upSeconds,
};
