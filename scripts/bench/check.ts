import type { Figure } from "./figure";
import { timed } from "./timed-command";

/** `npm run check`, the quick part of the tests. */
export const checkSeconds: Figure = {
  name: "checkSeconds",
  description: "npm run check",
  limit: 30,
  measure: () => timed(["check"]),
};
