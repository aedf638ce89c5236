import { median, repeat, type Figure } from "./figure";
import { timed } from "./timed-command";

/** The toolchain script when there is nothing left to do. */
export const toolchainSecondRunSeconds: Figure = {
  name: "toolchainSecondRunSeconds",
  description: "npm run toolchain when all is built, median of 5",
  limit: 2,
  async measure() {
    await timed(["toolchain"]);
    return median(await repeat(5, () => timed(["toolchain"])));
  },
};
