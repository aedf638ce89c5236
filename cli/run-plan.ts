import { writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { makePlan } from "../steps/plan";
import { parsePlanRequest } from "../steps/plan-request";

/** Names a file that gets the plan too: how `npm run plan` learns what its preview found. */
const planFileVariable = "TALOS_CLUSTER_PLAN_FILE";

/** Reads a request from stdin and prints the plan as JSON. */
export async function runPlan(): Promise<void> {
  const plan = await makePlan(parsePlanRequest(await text(process.stdin)));
  const json = JSON.stringify(plan);
  const file = process.env[planFileVariable];
  if (file !== undefined) writeFileSync(file, json, { mode: 0o600 });
  process.stdout.write(json);
}
