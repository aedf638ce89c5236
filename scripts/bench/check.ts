import type { Figure } from "./figure";
import { timed } from "./timed-command";

/** `npm run check`, the quick part of the tests. */
export const checkSeconds: Figure = {
  name: "checkSeconds",
  description: "npm run check, its caches warm",
  limit: 30,
  measure: async () => {
    await timed(["check"]);
    return timed(["check"]);
  },
};
