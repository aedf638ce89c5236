import semver from "semver";
import { addressProblem } from "./addresses";
import { checkDisk } from "./check-node-disk";
import { checkLabels } from "./check-node-labels";
import { checkInterfaces } from "./check-node-network";
import { applyModeProblem } from "./check-rollout";
import type { NodeSettingsInput } from "./cluster-input";
import { hostProblem, searchDomainProblem } from "./names";
import { architectures, platforms } from "./platforms";
import { eachGiven, isGiven, type Report } from "./report";
import { didYouMean, listed } from "./suggestion";

/** What is wrong with the settings of one layer, a machine's own or a default, whatever the other layers say. */
export function checkSettings(path: string, settings: NodeSettingsInput, report: Report): void {
  checkDisk(path, settings, report);
  checkInterfaces(`${path}.networkInterfaces`, settings.networkInterfaces, report);
  eachGiven(settings.nameservers, (server, index) => {
    report(`${path}.nameservers[${index}]`, addressProblem(server));
  });
  eachGiven(settings.timeServers, (server, index) => {
    report(`${path}.timeServers[${index}]`, hostProblem(server));
  });
  eachGiven(settings.searchDomains, (domain, index) => {
    report(`${path}.searchDomains[${index}]`, searchDomainProblem(domain));
  });
  checkLabels(path, settings, report);
  checkImage(path, settings, report);
  if (isGiven(settings.applyMode))
    report(`${path}.applyMode`, applyModeProblem(settings.applyMode));
}

function checkImage(path: string, settings: NodeSettingsInput, report: Report): void {
  const { platform, architecture, schematic, schematicId, talosVersion } = settings;
  if (isGiven(platform))
    report(`${path}.platform`, choiceProblem(platform, platforms, "a platform"));
  if (isGiven(architecture))
    report(
      `${path}.architecture`,
      choiceProblem(architecture, architectures, "an architecture of Talos"),
    );
  if (schematic !== undefined && schematicId !== undefined)
    report(
      `${path}.schematicId`,
      "stands beside schematic. Give one of the two: the id follows from the schematic.",
    );
  if (isGiven(schematicId)) report(`${path}.schematicId`, schematicIdProblem(schematicId));
  if (isGiven(talosVersion)) report(`${path}.talosVersion`, releaseProblem(talosVersion));
  eachGiven(settings.dropExtensions, (extension, index) => {
    report(`${path}.dropExtensions[${index}]`, extensionProblem(extension));
  });
}

function choiceProblem(value: string, known: readonly string[], what: string): string | undefined {
  if (known.includes(value)) return undefined;
  return `"${value}" is not ${what}.${didYouMean(value, known)} Give one of ${listed(known)}.`;
}

function schematicIdProblem(id: string): string | undefined {
  if (/^[0-9a-f]{64}$/.test(id)) return undefined;
  return `"${id}" is not a schematic id. An id is 64 hexadecimal digits in lower case, as the image factory shows it.`;
}

function releaseProblem(version: string): string | undefined {
  if (!version.startsWith("v") && semver.valid(version) !== null)
    return `"${version}" lacks its "v". Write v${version}.`;
  if (version.startsWith("v") && semver.valid(version.slice(1)) === version.slice(1))
    return undefined;
  return `"${version}" is not a release. Give v, then major, minor and patch, for example v1.12.0.`;
}

function extensionProblem(extension: string): string | undefined {
  if (/^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9._-]*$/.test(extension)) return undefined;
  return `"${extension}" is not an extension. Give publisher, slash and name, for example siderolabs/iscsi-tools.`;
}
