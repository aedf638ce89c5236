import type { DeviceSelectorInput, NetworkInterfaceInput } from "./network-input";
import { eachGiven, isGiven, type Report } from "./report";
import { listed } from "./suggestion";

type Interfaces = readonly NetworkInterfaceInput[] | undefined;

/** What is wrong with the interfaces of one machine taken together: the same one twice, or one in two others. */
export function checkLinksTogether(path: string, interfaces: Interfaces, report: Report): void {
  checkTwice(path, interfaces, report);
  const owners = ownersOfMembers(path, interfaces, report);
  eachGiven(interfaces, (link, index) => {
    const owner = isGiven(link.interface) ? owners.get(link.interface) : undefined;
    if (owner === undefined) return;
    const addressing = (["addresses", "routes", "vip"] as const).filter(
      (key) => link[key] !== undefined,
    );
    const extra = [...addressing, ...(link.dhcp === true ? ["dhcp"] : [])];
    if (extra.length > 0)
      report(
        `${path}[${index}]`,
        `has ${listed(extra)}, and is a part of ${owner.name}, which speaks for it. Give these to ${owner.name}.`,
      );
  });
}

function checkTwice(path: string, interfaces: Interfaces, report: Report): void {
  const seen = new Map<string, number>();
  eachGiven(interfaces, (link, index) => {
    const choice = choiceOf(link);
    if (choice === undefined) return;
    const first = seen.get(choice.identity);
    if (first === undefined) seen.set(choice.identity, index);
    else
      report(
        `${path}[${index}].${choice.key}`,
        `${choice.shown} stands twice, also at ${path}[${first}]. Say all of an interface in one place.`,
      );
  });
}

function choiceOf(
  link: NetworkInterfaceInput,
): { key: string; identity: string; shown: string } | undefined {
  const { interface: name, mac, deviceSelector } = link;
  if (isGiven(name) && name !== "")
    return { key: "interface", identity: `name ${name}`, shown: `"${name}"` };
  if (isGiven(mac) && mac !== "")
    return { key: "mac", identity: `selector ${selectorText({ permanentAddr: mac })}`, shown: mac };
  if (!isGiven(deviceSelector) || selectorText(deviceSelector) === "") return undefined;
  return {
    key: "deviceSelector",
    identity: `selector ${selectorText(deviceSelector)}`,
    shown: "the same choice",
  };
}

function selectorText(selector: DeviceSelectorInput): string {
  return (
    Object.entries(selector)
      // A selector chooses among physical links anyway.
      .filter(
        ([key, value]) => isGiven(value as unknown) && !(key === "physical" && value === true),
      )
      .map(([key, value]) => `${key}=${String(value).toLowerCase()}`)
      .sort()
      .join(" ")
  );
}

/** Interfaces that are a part of a bond or bridge, by name. */
function ownersOfMembers(
  path: string,
  interfaces: Interfaces,
  report: Report,
): Map<string, { readonly name: string; readonly path: string }> {
  const owners = new Map<string, { readonly name: string; readonly path: string }>();
  eachGiven(interfaces, (link, index) => {
    for (const kind of ["bond", "bridge"] as const) {
      const made = link[kind];
      if (!isGiven(made)) continue;
      const owner = {
        name: isGiven(link.interface) ? link.interface : `the ${kind}`,
        path: `${path}[${index}]`,
      };
      eachGiven(made.interfaces, (member, place) => {
        const memberPath = `${owner.path}.${kind}.interfaces[${place}]`;
        const other = owners.get(member);
        if (member === link.interface)
          report(memberPath, `"${member}" is the ${kind} itself. Name the interfaces below it.`);
        else if (other === undefined) owners.set(member, owner);
        else if (other.path !== owner.path)
          report(
            memberPath,
            `"${member}" is a part of ${other.name} already (${other.path}). An interface is in one bond or bridge.`,
          );
      });
    }
  });
  return owners;
}
