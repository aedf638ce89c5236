import { median, repeat, type Figure } from "./figure";
import { timedProgram } from "./timed-command";

/** `pulumi up`, preview included, when nothing changed. */
export const noChangeUpSeconds: Figure = {
  name: "noChangeUpSeconds",
  description: "pulumi up of 4 machines without a change, median of 3",
  limit: 8,
  async measure({ fourMachines }) {
    const { lab } = await fourMachines();
    return median(
      await repeat(3, () =>
        timedProgram("pulumi", ["up", "--yes", "--expect-no-changes"], lab.environment),
      ),
    );
  },
};
