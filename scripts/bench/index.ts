import { startBenchLab, type BenchLab } from "./bench-lab";
import { checkSeconds } from "./check";
import type { BenchContext, Figure } from "./figure";
import { labMemoryMiB } from "./lab-memory";
import { labUpSeconds } from "./lab-up";
import { labUpOneControllerSeconds } from "./lab-up-one-controller";
import { modelLinearity, modelSeconds } from "./model-work";
import { noChangeUpSeconds } from "./no-change-up";
import { previewLiveSeconds } from "./preview-live";
import { previewRatio } from "./preview-ratio";
import { rolloutRatio } from "./rollout-ratio";
import { stepOverheadSeconds } from "./step-overhead";
import { toolchainSecondRunSeconds } from "./toolchain-second-run";

/** Every figure, in the order in which they are measured: what may build comes first. */
export const figures: readonly Figure[] = [
  toolchainSecondRunSeconds,
  checkSeconds,
  modelSeconds(3),
  modelSeconds(50),
  modelSeconds(200, 1),
  modelSeconds(1000),
  modelLinearity,
  previewRatio(3),
  previewRatio(50),
  previewRatio(200),
  labUpOneControllerSeconds,
  labUpSeconds,
  noChangeUpSeconds,
  previewLiveSeconds,
  labMemoryMiB,
  stepOverheadSeconds,
  rolloutRatio,
];

/** A figure with its value, or with why there is none. */
export interface Measurement {
  readonly figure: Figure;
  readonly value?: number;
  readonly problem?: string;
}

/** Measures figures one after another. One that fails is told, and the others go on. */
export async function measureAll(
  wanted: readonly Figure[],
  onMeasure: (figure: Figure) => void,
): Promise<Measurement[]> {
  let lab: Promise<BenchLab> | undefined;
  const context: BenchContext = {
    fourMachines: () => (lab ??= startBenchLab("127.0.61.0/24")),
  };
  const measurements: Measurement[] = [];
  try {
    for (const figure of wanted) {
      onMeasure(figure);
      measurements.push(await measureOne(figure, context));
    }
  } finally {
    const started = await lab?.catch(() => undefined);
    await started?.lab.stop();
  }
  return measurements;
}

async function measureOne(figure: Figure, context: BenchContext): Promise<Measurement> {
  try {
    return { figure, value: Math.round((await figure.measure(context)) * 100) / 100 };
  } catch (error) {
    return { figure, problem: error instanceof Error ? error.message : String(error) };
  }
}
