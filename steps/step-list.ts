import { bootstrap } from "./bootstrap";
import type { StepName } from "./command-line";
import { gate } from "./gate";
import { health } from "./health";
import { kubernetesUpgrade } from "./kubernetes-upgrade";
import { membership } from "./membership";
import { preflight } from "./preflight";
import { ready } from "./ready";
import { reboot } from "./reboot";
import { reset } from "./reset";
import { snapshot } from "./snapshot";
import type { Step } from "./step";
import { upgrade } from "./upgrade";

/** Every step there is, in the order a run comes to them. */
export const steps: Record<StepName, Step> = {
  preflight,
  upgrade,
  "kubernetes-upgrade": kubernetesUpgrade,
  gate,
  bootstrap,
  ready,
  membership,
  health,
  snapshot,
  reboot,
  reset,
};
