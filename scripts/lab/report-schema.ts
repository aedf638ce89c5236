import { z } from "zod";

const applySchema = z.looseObject({
  at: z.string(),
  mode: z.string(),
  resolvedMode: z.string(),
  dryRun: z.boolean(),
  insecure: z.boolean(),
  rebooted: z.boolean(),
});
const upgradeSchema = z.looseObject({
  at: z.string(),
  from: z.string(),
  to: z.string(),
  /** What the image factory made the installer image from; empty where it is of no factory. */
  schematic: z.string(),
});
const machineSchema = z.looseObject({
  address: z.string(),
  name: z.string(),
  role: z.enum(["controller", "worker", ""]),
  power: z.enum(["on", "off", "hang"]),
  stage: z.string(),
  ready: z.boolean(),
  talosVersion: z.string(),
  kubernetesVersion: z.string(),
  bootId: z.string(),
  boots: z.number(),
  applies: z.array(applySchema).nullable(),
  upgrades: z.array(upgradeSchema),
  bootstraps: z.number(),
  resets: z.number(),
  faults: z.array(z.string()),
  /** How far the machine's clock is ahead of the computer's. */
  clockOffsetSeconds: z.number(),
});
const eventSchema = z.looseObject({
  at: z.string(),
  kind: z.enum(["apply", "upgrade", "bootstrap", "reset", "member", "secrets"]),
  address: z.string(),
  name: z.string(),
  detail: z.string(),
});
const invariantsSchema = z.looseObject({
  /** Most controllers that were ready before and were not, at one time. Those that a fault holds off count too. */
  maxControllersOut: z.number(),
  maxWorkersOut: z.number(),
  quorumLost: z.boolean(),
  insecureConfigsAfterFirstApply: z.number(),
  /** Configs with secrets that came to a machine in maintenance mode that was configured before, taken or not. */
  secretsToStrangers: z.number(),
  bootstraps: z.number(),
  /** How often, at most, one machine was upgraded to the same version and schematic. */
  upgradesPerMachine: z.number(),
  resets: z.number(),
  /** Members of etcd that were added, promoted or removed, or left. */
  membershipChanges: z.number(),
});

/** The answer of `GET /report`. */
export const reportSchema = z.looseObject({
  machines: z.array(machineSchema),
  /** What happened in the whole lab, in order. */
  events: z.array(eventSchema),
  invariants: invariantsSchema,
});

/** What a lab recorded: its machines, and what must never have happened. */
export type LabReport = z.infer<typeof reportSchema>;
/** One machine of a {@link LabReport}. */
export type MachineReport = LabReport["machines"][number];
/** One thing that happened, of a {@link LabReport}. */
export type LabEvent = LabReport["events"][number];
