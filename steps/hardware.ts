import type { IdentityInput } from "../model/cluster-input";
import type { Resource } from "./talosctl-output";
import type { Parsed } from "./variable";

/** What a machine tells about its hardware. A fact it does not tell is left out. */
export interface Hardware {
  readonly uuid?: string;
  readonly serial?: string;
  /** Addresses of its network cards, burnt in and as set. */
  readonly macs?: readonly string[];
}

/** Where a machine's hardware differs from the identity it is given, and what it does not tell of it. */
export interface IdentityCheck {
  readonly mismatches: readonly string[];
  readonly untold: readonly string[];
}

const names = { uuid: "UUID", serial: "serial number", mac: "MAC address" } as const;
const keys = ["uuid", "serial", "mac"] as const;

/** Compares a machine's hardware with the identity it is known by, each part as far as it tells. */
export function checkHardware(
  identity: IdentityInput | undefined,
  hardware: Hardware | undefined,
): IdentityCheck {
  const mismatches: string[] = [];
  const untold: string[] = [];
  for (const key of keys) {
    const wanted = identity?.[key];
    if (wanted === undefined) continue;
    const told = key === "mac" ? hardware?.macs : present(hardware?.[key]);
    if (told === undefined || told.length === 0) untold.push(untoldText(key));
    else if (!told.some((value) => plain(key, value) === plain(key, wanted)))
      mismatches.push(
        `its ${names[key]} is ${told.join(", ")}, its identity says ${wanted}: it is another machine. ` +
          "Put its address or its identity in nodes/<stack>.yaml right.",
      );
  }
  return { mismatches, untold };
}

function untoldText(key: (typeof keys)[number]): string {
  return (
    `it does not tell its ${names[key]}, so it may be another machine, and nothing secret is sent to it. ` +
    `If its hardware has none, take identity.${key} out of nodes/<stack>.yaml.`
  );
}

function present(value: string | undefined): string[] | undefined {
  return value === undefined ? undefined : [value];
}

/** Letters and separators of an id do not count; those of a serial number do. */
function plain(key: (typeof keys)[number], value: string): string {
  return key === "serial" ? value.trim() : value.toLowerCase().replaceAll(/[:-]/g, "");
}

/** Reads what an identity needs, and no more: each question is a process. */
export async function readHardware(
  read: (type: string) => Promise<Resource[]>,
  identity: IdentityInput,
): Promise<Hardware> {
  const asksSystem = identity.uuid !== undefined || identity.serial !== undefined;
  const [system, links] = await Promise.all([
    asksSystem ? read("systeminformation") : [],
    identity.mac === undefined ? undefined : read("links"),
  ]);
  const { uuid, serialnumber } = (system[0]?.spec ?? {}) as SystemInformationSpec;
  return {
    ...(isText(uuid) ? { uuid } : {}),
    ...(isText(serialnumber) ? { serial: serialnumber } : {}),
    ...(links === undefined ? {} : { macs: macsOf(links) }),
  };
}

/** Cards only: a bond or bridge borrows its address, and that of a VLAN is its parent's. */
function macsOf(links: readonly Resource[]): string[] {
  const macs = links.flatMap(({ spec }) => {
    const { type, kind, permanentAddr, hardwareAddr } = (spec ?? {}) as LinkStatusSpec;
    return type === "ether" && !isText(kind) ? [permanentAddr, hardwareAddr] : [];
  });
  return [...new Set(macs.filter(isText))];
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/resources/hardware/system_information.go */
interface SystemInformationSpec {
  readonly uuid?: unknown;
  readonly serialnumber?: unknown;
}

/** @see siderolabs/talos v1.13.0, pkg/machinery/resources/network/link_status.go */
interface LinkStatusSpec {
  readonly type?: unknown;
  readonly kind?: unknown;
  readonly permanentAddr?: unknown;
  readonly hardwareAddr?: unknown;
}

/** Reads an identity as a step is told it. */
export function parseIdentity(text: string): Parsed<IdentityInput> {
  const identity: Record<string, string> = {};
  for (const part of text.split("+")) {
    const [, key = "", value = ""] = /^(uuid|serial|mac):(.+)$/.exec(part) ?? [];
    if (key === "" || !isEncoded(value)) {
      const example = "uuid:4c4c4544-0044-4210-8031-c2c04f4d5131+mac:52:54:00:12:34:56";
      return {
        problem: `"${text}" is not an identity. Give uuid, serial or mac, with a plus between two, for example ${example}.`,
      };
    }
    identity[key] = decodeURIComponent(value);
  }
  return { value: identity };
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
