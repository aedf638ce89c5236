import { startBenchLab } from "./bench-lab";
import type { Figure } from "./figure";

/** From `npm run lab` to a healthy cluster of one machine, tools built. */
export const labUpOneControllerSeconds: Figure = {
  name: "labUpOneControllerSeconds",
  description: "npm run lab, 1 controller, tools built",
  limit: 30,
  async measure() {
    const { lab, upSeconds } = await startBenchLab(
      "127.0.62.0/24",
      "--controllers",
      "1",
      "--workers",
      "0",
    );
    await lab.stop();
    return upSeconds;
  },
};
