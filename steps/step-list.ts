import { bootstrap } from "./bootstrap";
import type { StepName } from "./command-line";
import { gate } from "./gate";
import { health } from "./health";
import { preflight } from "./preflight";
import { ready } from "./ready";
import type { Step } from "./step";

/** Every step there is, in the order a run comes to them. */
export const steps: Record<StepName, Step> = { preflight, gate, bootstrap, ready, health };
