import { bondModes, bondModesWithPrimary, lacpRates, xmitHashPolicies } from "./link-values";
import { interfaceNameProblem } from "./names";
import { checkDeviceSelector } from "./check-device-selector";
import type { BondInput, BridgeInput } from "./network-input";
import { eachGiven, isGiven, type Report } from "./report";
import { listed } from "./suggestion";

/** What is wrong with a bond by itself. */
export function checkBond(path: string, bond: BondInput, report: Report): void {
  checkMembers(path, bond, report);
  checkMode(path, bond, report);
  checkTimes(path, bond, report);
}

function checkMembers(path: string, bond: BondInput, report: Report): void {
  const { interfaces, deviceSelectors } = bond;
  if (interfaces !== undefined && deviceSelectors !== undefined)
    report(
      `${path}.deviceSelectors`,
      "stands beside interfaces. Give one of the two: both choose the interfaces below the bond.",
    );
  else if (isEmpty(interfaces) && isEmpty(deviceSelectors))
    report(path, "holds no interfaces. Give at least one in interfaces or deviceSelectors.");
  checkNames(`${path}.interfaces`, interfaces, report);
  eachGiven(deviceSelectors, (selector, index) => {
    checkDeviceSelector(`${path}.deviceSelectors[${index}]`, selector, report);
  });
}

function isEmpty(list: readonly unknown[] | undefined): boolean {
  return list === undefined || (isGiven(list) && list.length === 0);
}

function checkNames(path: string, names: readonly string[] | undefined, report: Report): void {
  const seen = new Map<string, number>();
  eachGiven(names, (name, index) => {
    const first = seen.get(name);
    report(
      `${path}[${index}]`,
      first === undefined
        ? interfaceNameProblem(name)
        : `"${name}" stands twice, also at ${path}[${first}]. Name each interface once.`,
    );
    if (first === undefined) seen.set(name, index);
  });
}

function checkMode(path: string, bond: BondInput, report: Report): void {
  const { mode, lacpRate, xmitHashPolicy, primary, interfaces } = bond;
  if (mode === undefined || mode === "")
    report(
      `${path}.mode`,
      "is missing. Give the mode of the bond: 802.3ad where the switch speaks LACP, else active-backup.",
    );
  else if (isGiven(mode))
    report(`${path}.mode`, choiceProblem(mode, bondModes, "a mode of a bond"));
  if (isGiven(lacpRate))
    report(
      `${path}.lacpRate`,
      choiceProblem(lacpRate, lacpRates, "a rate of LACP") ??
        (isMode(mode) && mode !== "802.3ad"
          ? `is for mode 802.3ad only, and the mode is ${mode}. Take it out.`
          : undefined),
    );
  if (isGiven(xmitHashPolicy))
    report(
      `${path}.xmitHashPolicy`,
      choiceProblem(xmitHashPolicy, xmitHashPolicies, "a policy to spread traffic by"),
    );
  if (!isGiven(primary)) return;
  if (isMode(mode) && !bondModesWithPrimary.includes(mode))
    report(
      `${path}.primary`,
      `is for modes ${listed(bondModesWithPrimary)} only, and the mode is ${mode}. Take it out.`,
    );
  else if (isGiven(interfaces) && !interfaces.includes(primary))
    report(
      `${path}.primary`,
      `"${primary}" is not below the bond. Give one of ${listed(interfaces.filter(isGiven))}.`,
    );
}

function isMode(mode: string | undefined): mode is string {
  return (bondModes as readonly (string | undefined)[]).includes(mode);
}

function choiceProblem(value: string, known: readonly string[], what: string): string | undefined {
  return known.includes(value)
    ? undefined
    : `"${value}" is not ${what}. Give one of ${listed(known)}.`;
}

function checkTimes(path: string, bond: BondInput, report: Report): void {
  const { miimon } = bond;
  if (isGiven(miimon)) report(`${path}.miimon`, timeProblem(miimon));
  for (const field of ["updelay", "downdelay"] as const) {
    const delay = bond[field];
    if (!isGiven(delay)) continue;
    report(`${path}.${field}`, timeProblem(delay) ?? delayProblem(delay, miimon));
  }
}

function timeProblem(milliseconds: number): string | undefined {
  if (Number.isInteger(milliseconds) && milliseconds >= 0 && milliseconds <= 0xffffffff)
    return undefined;
  return `${milliseconds} is not a time. Give a whole number of milliseconds, for example 100.`;
}

/** Talos refuses a delay that the bond cannot measure with its looks at the links. */
function delayProblem(delay: number, miimon: number | undefined): string | undefined {
  if (delay === 0 || (miimon !== undefined && !isGiven(miimon))) return undefined;
  if (miimon === undefined || miimon === 0)
    return "needs miimon, the time between two looks at the links. Give it too, for example 100.";
  if (timeProblem(miimon) !== undefined || delay % miimon === 0) return undefined;
  return `${delay} is not a multiple of miimon, which is ${miimon}. Give ${Math.ceil(delay / miimon) * miimon}, for example.`;
}

/** What is wrong with a bridge by itself. */
export function checkBridge(path: string, bridge: BridgeInput, report: Report): void {
  checkNames(`${path}.interfaces`, bridge.interfaces, report);
}
