import { z } from "zod";

const version = z
  .string()
  .regex(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.]+)?$/, "is no version. Write it as v1.12.0.");

/** Machines whose addresses fit into the last number of an IPv4 address, see {@link ./network}. */
const maximumControllers = 9;
const maximumWorkers = 150;
const maximumSpares = 20;

const count = (what: string, minimum: number, maximum: number) =>
  z
    .number()
    .int()
    .refine(
      (value) => value >= minimum && value <= maximum,
      `must be from ${minimum} to ${maximum} ${what}.`,
    );

/** What a person may ask a lab to be; everything left out is as in the committed stack `lab`. */
export const labRequestSchema = z
  .object({
    controllers: count("machines", 1, maximumControllers).optional(),
    workers: count("machines", 0, maximumWorkers).optional(),
    /** Machines that boot and stand in no nodes file. */
    spares: count("machines", 0, maximumSpares).optional(),
    /** Talos release the machines boot, and the stack pins. */
    talosVersion: version.optional(),
    /** Talos release of the boot medium, when it is not the pinned one. */
    bootVersion: version.optional(),
    kubernetesVersion: version.optional(),
    network: z
      .string()
      .regex(/^127\.\d{1,3}\.\d{1,3}\.0\/24$/, "is no loopback network. Write it as 127.0.51.0/24.")
      .optional(),
    /** More stack config, without the project's name before the keys. */
    config: z.record(z.string(), z.string()).optional(),
  })
  .strict();

/** What a person may ask a lab to be. */
export type LabRequest = z.infer<typeof labRequestSchema>;

/** Whether nothing was asked for: then the committed stack is used in place. */
export function isDefault(request: LabRequest): boolean {
  return Object.entries(request).every(
    ([key, value]) => value === undefined || isNothing(key, value),
  );
}

/** Booted spares and another boot medium change no file of the stack, so they do not make it another one. */
export function needsGeneratedFiles(request: LabRequest): boolean {
  return !isDefault({ ...request, spares: undefined, bootVersion: undefined });
}

const isNothing = (key: string, value: unknown) =>
  (key === "spares" && value === 0) ||
  (key === "config" && Object.keys(value as object).length === 0);

/** A checked request. Throws one error with every problem, named as on the command line. */
export function parseLabRequest(request: LabRequest): LabRequest {
  const parsed = labRequestSchema.safeParse(request);
  if (parsed.success) return withoutGaps(parsed.data);
  const lines = parsed.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? "");
    const value = JSON.stringify((request as Record<string, unknown>)[key]);
    return `${key}: ${value} ${issue.message}`;
  });
  throw new Error(lines.join("\n"));
}

/** What was asked for, without what was not: so that two requests for the same are equal. */
function withoutGaps(request: LabRequest): LabRequest {
  return Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined));
}
