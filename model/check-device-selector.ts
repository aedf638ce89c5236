import type { DeviceSelectorInput } from "./network-input";
import { isGiven, type Report } from "./report";

const criteria = [
  "busPath",
  "hardwareAddr",
  "permanentAddr",
  "pciID",
  "driver",
  "physical",
] as const;

/** What is wrong with a selector of a network interface. */
export function checkDeviceSelector(
  path: string,
  selector: DeviceSelectorInput,
  report: Report,
): void {
  if (criteria.every((key) => selector[key] === undefined || selector[key] === ""))
    report(
      path,
      "holds nothing to choose by. Give at least one of busPath, hardwareAddr, permanentAddr, pciID, driver and physical.",
    );
  for (const key of ["hardwareAddr", "permanentAddr"] as const) {
    const pattern = selector[key];
    if (isGiven(pattern) && pattern !== "") report(`${path}.${key}`, macPatternProblem(pattern));
  }
  const { pciID } = selector;
  if (
    isGiven(pciID) &&
    pciID !== "" &&
    !/^(?=.*:|.*\*)[0-9a-f*]{1,}(:[0-9a-f*]{1,})?$/i.test(pciID)
  )
    report(
      `${path}.pciID`,
      `"${pciID}" is not a PCI id. Give vendor and product in hexadecimal, for example "8086:1533"; * stands for any characters.`,
    );
}

function macPatternProblem(pattern: string): string | undefined {
  const whole = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
  if (whole.test(pattern) || (pattern.includes("*") && /^[0-9a-f:*]+$/i.test(pattern)))
    return undefined;
  return `"${pattern}" is not a MAC address. Give six pairs of hexadecimal digits with colons between, or a part of them and *, for example "52:54:00:*".`;
}
