import { FakeTalosctl } from "./fake-talosctl";
import { answerAsOurs } from "../recorded";

export const first = { hostname: "controller-1", address: "10.0.0.11" };
export const second = { hostname: "controller-2", address: "10.0.0.12" };
export const third = { hostname: "controller-3", address: "10.0.0.13" };
export const SEEDS = "controller-1=10.0.0.11,controller-2=10.0.0.12";
export const pins = { TALOS_VERSION: "v1.13.0", KUBERNETES_VERSION: "v1.35.3" };

/** Environment of a step on the first controller, as the component gives it. */
export const onFirst = {
  NODE: "controller-1",
  ADDRESS: "10.0.0.11",
  ROLE: "controller",
  SEEDS,
  DEADLINE_SECONDS: "20",
};

/** Two controllers that are a cluster. */
export function answerAsLive(talosctl: FakeTalosctl): void {
  for (const machine of [first, second]) {
    answerAsOurs(talosctl, { ...machine, members: [first, second], nodeReady: true });
  }
}
