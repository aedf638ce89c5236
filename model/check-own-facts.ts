import { addressProblem } from "./addresses";
import type { IdentityInput, NodeInput } from "./cluster-input";
import { isKnown } from "./deferred";
import { hostNameProblem, macProblem, nodeNameProblem } from "./names";
import { isGiven, type Report } from "./report";

/** What is wrong with what only a machine itself can say. */
export function checkOwnFacts(path: string, node: NodeInput, report: Report): void {
  const { name, address, identity, renamedFrom, incarnation } = node;
  report(
    `${path}.name`,
    name === undefined || name === ""
      ? "is missing. Give the machine's host name, for example k8s-node-1."
      : nodeNameProblem(name),
  );
  if (address === undefined || address === "")
    report(
      `${path}.address`,
      "is missing. Give the address the Talos API answers at, for example 192.168.1.10.",
    );
  else if (isKnown(address)) report(`${path}.address`, addressProblem(address));
  if (isGiven(identity)) checkIdentity(`${path}.identity`, identity, report);
  if (isGiven(renamedFrom))
    report(
      `${path}.renamedFrom`,
      renamedFrom === name
        ? `"${renamedFrom}" is the machine's name now. Give the name it had before, or take it out.`
        : hostNameProblem(renamedFrom),
    );
  if (isGiven(incarnation) && !(Number.isInteger(incarnation) && incarnation >= 1))
    report(
      `${path}.incarnation`,
      `${incarnation} is not a count. Give a whole number from 1 on, one more for every reinstallation.`,
    );
}

function checkIdentity(path: string, identity: IdentityInput, report: Report): void {
  const { uuid, serial, mac } = identity;
  if (uuid === undefined && serial === undefined && mac === undefined)
    report(
      path,
      "holds nothing to know the machine by. Give at least one of uuid, serial and mac.",
    );
  if (isGiven(uuid)) report(`${path}.uuid`, uuidProblem(uuid));
  if (isGiven(serial) && serial.trim() === "")
    report(`${path}.serial`, "is empty. Give the machine's serial number, or take it out.");
  if (isGiven(mac)) report(`${path}.mac`, macProblem(mac));
}

function uuidProblem(uuid: string): string | undefined {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) return undefined;
  return `"${uuid}" is not a UUID. Give it as \`talosctl get systeminformation\` shows it, for example "4c4c4544-0042-3510-8052-b9c04f4a5a32".`;
}
