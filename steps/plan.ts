import { X509Certificate } from "node:crypto";
import type { CertificatePlan, Plan } from "../model/plan";
import { writeCredentialsFile, type CredentialsFile } from "./credentials-file";
import { secretsOf, talosconfig } from "./credentials";
import { Deadline } from "./deadline";
import { planMachines } from "./plan-machines";
import { leavingMembers } from "./plan-membership";
import { observePlan } from "./plan-observation";
import { planFindings } from "./plan-problems";
import type { PlanRequest } from "./plan-request";
import { runtimeDirectory } from "./runtime-directory";
import { Talosctl } from "./talosctl";

/**
 * Reads every machine once and says what a run would do to it.
 *
 * It changes nothing, takes no lock, and ends at its deadline with what it has.
 */
export async function makePlan(request: PlanRequest): Promise<Plan> {
  const deadline = new Deadline(request.deadlineSeconds);
  const { credentials } = request;
  const file = credentials === undefined ? noCredentials : credentialsFile(credentials);
  const secrets = credentials === undefined ? [] : secretsOf(credentials);
  try {
    const talosctl = new Talosctl({ credentials: file, deadline, secrets });
    const observations = await observePlan(talosctl, deadline, request);
    const readSeconds = Math.round(deadline.elapsedSeconds * 10) / 10;
    const certificates = certificatePlans(request.certificates, new Date());
    const { problems, warnings } = planFindings(observations, request);
    const leaving = leavingMembers(observations, request);
    return {
      cluster: request.clusterName,
      machines: planMachines(observations, request),
      maxUnavailable: request.maxUnavailable,
      leaving: leaving.lines,
      certificates,
      problems: [...problems, ...leaving.problems],
      warnings: [...warnings, ...certificateWarnings(certificates)],
      readSeconds,
    };
  } finally {
    file.remove();
    deadline.close();
  }
}

function credentialsFile(credentials: NonNullable<PlanRequest["credentials"]>): CredentialsFile {
  return writeCredentialsFile(runtimeDirectory(), talosconfig(credentials));
}

/** Before the first run there are none: machines are asked without, and nothing else is called. */
const noCredentials: CredentialsFile = {
  pathFor: () => {
    throw new Error("a machine was to be asked with credentials that do not exist yet");
  },
  remove: () => undefined,
};

const millisecondsPerDay = 24 * 60 * 60 * 1000;

function certificatePlans(certificates: PlanRequest["certificates"], now: Date): CertificatePlan[] {
  return Object.entries(certificates).flatMap(([name, encoded]) => {
    const until = expiryOf(encoded);
    if (until === undefined) return [];
    return [{ name, daysLeft: Math.floor((until.getTime() - now.getTime()) / millisecondsPerDay) }];
  });
}

/** A certificate that ends sooner is told of in every preview. */
const warnBelowDays = 90;

export function certificateWarnings(certificates: readonly CertificatePlan[]): string[] {
  return certificates
    .filter(({ daysLeft }) => daysLeft < warnBelowDays)
    .map(({ name, daysLeft }) => {
      const end =
        daysLeft < 0 ? "has ended" : `ends in ${daysLeft} day${daysLeft === 1 ? "" : "s"}`;
      return `${name}: its client certificate ${end}. docs/upgrades.md says how it is renewed`;
    });
}

/** End of a certificate that is base64 of PEM, or PEM itself. */
function expiryOf(encoded: string): Date | undefined {
  const pem = encoded.startsWith("-----") ? encoded : Buffer.from(encoded, "base64").toString();
  try {
    return new Date(new X509Certificate(pem).validTo);
  } catch {
    return undefined;
  }
}
