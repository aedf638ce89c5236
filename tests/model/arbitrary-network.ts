import fc from "fast-check";
import type {
  BondInput,
  DeviceSelectorInput,
  LinkSettingsInput,
  NetworkInterfaceInput,
  RouteInput,
} from "../../model/network-input";

/** What the links of a machine may use. */
export interface NetworkForms {
  /** Whether the configs have documents for links: contract 1.12 and newer. */
  readonly documents: boolean;
  /** Whether selectors may ask for the permanent address: contract 1.9 and newer. */
  readonly permanentAddress: boolean;
  /** Whether addresses may be shared: controllers only. */
  readonly vips: boolean;
}

const octet = fc.integer({ min: 0, max: 255 });
const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));

/** Every address is of a network that is neither unspecified nor local. */
export const ipv4 = fc.tuple(octet, octet, octet).map((rest) => `10.${rest.join(".")}`);
export const ipv6 = fc.tuple(group, group).map(([a, b]) => `fd00:${a}::${b}`);
export const ipAddress = fc.oneof(ipv4, ipv6);
const network4 = fc.tuple(ipv4, fc.integer({ min: 8, max: 32 })).map((parts) => parts.join("/"));
const network6 = fc.tuple(ipv6, fc.integer({ min: 16, max: 128 })).map((parts) => parts.join("/"));

const macAddress = fc
  .tuple(fc.array(octet, { minLength: 6, maxLength: 6 }), fc.boolean())
  .map(([octets, isUpper]) => {
    const text = octets.map((value) => value.toString(16).padStart(2, "0")).join(":");
    return isUpper ? text.toUpperCase() : text;
  });
const pattern = fc
  .stringMatching(/^[A-Za-z0-9:._"\\ -]{1,10}\*?$/)
  .filter((text) => /\S/.test(text));

/** Fields of which each is sometimes left out. */
function some<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

function arbitrarySelector(forms: NetworkForms): fc.Arbitrary<DeviceSelectorInput> {
  return some({
    busPath: pattern,
    hardwareAddr: macAddress,
    pciID: pattern,
    driver: pattern,
    physical: forms.documents ? fc.constant(true) : fc.boolean(),
    ...(forms.permanentAddress && { permanentAddr: macAddress }),
  }).filter((selector) => Object.keys(selector).length > 0);
}

const metric = fc.integer({ min: 1, max: 4096 });
const mtu = fc.integer({ min: 1280, max: 9216 });

const arbitraryRoute: fc.Arbitrary<RouteInput> = fc
  .tuple(
    fc.oneof(
      fc.record({ network: network4, gateway: ipv4 }, { requiredKeys: ["network"] }),
      fc.record({ network: network6, gateway: ipv6 }, { requiredKeys: ["network"] }),
      fc.record({ network: fc.constant("0.0.0.0/0"), gateway: ipv4 }),
      fc.record({ network: fc.constant("::/0"), gateway: ipv6 }),
      fc.record({ gateway: ipAddress }),
    ),
    some({ metric, mtu, source: ipAddress }),
  )
  .map(([route, more]) => ({ ...route, ...more }));

const arbitrarySettings: fc.Arbitrary<LinkSettingsInput> = some({
  addresses: fc.uniqueArray(fc.oneof(network4, network6), { maxLength: 2 }),
  routes: fc.array(arbitraryRoute, { maxLength: 2 }),
  mtu,
  dhcp: fc.boolean(),
  vip: ipAddress,
});

/** No mode said is the kernel's own. */
const bondMode = fc.constantFrom(
  undefined,
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
);
const bondDelays = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.nat(5), fc.nat(5))
  .map(([miimon, up, down]) => ({ miimon, updelay: up * miimon, downdelay: down * miimon }));
const hashPolicy = fc.constantFrom("layer2", "layer3+4", "layer2+3", "encap2+3", "encap3+4");
const lacpRate = fc.constantFrom("slow", "fast");

function arbitraryBond(forms: NetworkForms, members: readonly string[]): fc.Arbitrary<BondInput> {
  const selectors = fc.uniqueArray(arbitrarySelector(forms), {
    minLength: 1,
    maxLength: 2,
    selector: selectorKey,
  });
  const below = fc.oneof(
    fc.constant({ interfaces: members }),
    selectors.map((deviceSelectors) => ({ deviceSelectors })),
  );
  const settings = some({ hashPolicy, lacpRate, primary: fc.constantFrom(...members) });
  return fc
    .tuple(below, bondMode, fc.oneof(bondDelays, fc.constant({})), settings)
    .map(([links, mode, delays, given]) => ({
      ...links,
      ...(mode !== undefined && { mode }),
      ...delays,
      ...(given.hashPolicy && { xmitHashPolicy: given.hashPolicy }),
      ...(given.lacpRate && mode === "802.3ad" && { lacpRate: given.lacpRate }),
      ...(given.primary &&
        mode === "active-backup" &&
        !forms.documents && { primary: given.primary }),
    }));
}

const selectorKey = (selector: DeviceSelectorInput) =>
  JSON.stringify(Object.entries(selector).sort()).toLowerCase();

/** One entry; each has names of its own, so that no two of them mean one link. */
function arbitraryEntry(forms: NetworkForms, index: number): fc.Arbitrary<NetworkInterfaceInput> {
  const members = [`ens${index}a`, `ens${index}b`];
  const links: fc.Arbitrary<NetworkInterfaceInput>[] = [
    fc.constantFrom(`eth${index}`, `enp${index}s0f1np1`, `enx0a1b2c3d4e5${index}`).map((name) => ({
      interface: name,
    })),
    macAddress.map((mac) => ({ mac })),
    arbitrarySelector(forms).map((deviceSelector) => ({ deviceSelector })),
    arbitraryBond(forms, members).map((bond) => ({ interface: `bond${index}`, bond })),
    some({
      interfaces: fc.constant(members),
      stp: fc.boolean(),
      vlanFiltering: fc.boolean(),
    }).map((bridge) => ({ interface: `br${index}`, bridge })),
  ];
  const vlans = fc.uniqueArray(
    fc.tuple(fc.integer({ min: 1, max: 4094 }), arbitrarySettings).map(([vlanId, settings]) => ({
      vlanId,
      ...settings,
    })),
    { maxLength: 2, selector: (vlan) => vlan.vlanId },
  );
  return fc.tuple(fc.oneof(...links), arbitrarySettings, vlans).map(([link, settings, own]) => ({
    ...link,
    ...settings,
    ...(own.length > 0 && { vlans: own }),
  }));
}

/** Links of a machine, all of them valid, together too. */
export function arbitraryInterfaces(
  forms: NetworkForms,
): fc.Arbitrary<readonly NetworkInterfaceInput[]> {
  return fc
    .nat(3)
    .chain((count) =>
      fc.tuple(...Array.from({ length: count }, (_, index) => arbitraryEntry(forms, index))),
    )
    .map((entries) => withOwnAddresses(entries, forms.vips))
    .filter(hasOwnSelectors);
}

/** A shared address is one link's only. */
function withOwnAddresses(
  entries: readonly NetworkInterfaceInput[],
  vips: boolean,
): NetworkInterfaceInput[] {
  const taken = new Set<string>();
  const owning = <T extends LinkSettingsInput>({ vip, ...link }: T): T => {
    const isOwn = vips && vip !== undefined && !taken.has(vip);
    if (isOwn) taken.add(vip);
    return (isOwn ? { ...link, vip } : link) as T;
  };
  return entries.map((entry) => {
    const own = owning(entry);
    return own.vlans === undefined ? own : { ...own, vlans: own.vlans.map(owning) };
  });
}

function hasOwnSelectors(entries: readonly NetworkInterfaceInput[]): boolean {
  const keys = entries.flatMap(({ mac, deviceSelector, bond }) => {
    const ofMac = mac === undefined ? [] : [{ permanentAddr: mac }, { hardwareAddr: mac }];
    const own = deviceSelector === undefined ? [] : [deviceSelector];
    return [...ofMac, ...own, ...(bond?.deviceSelectors ?? [])].map(selectorKey);
  });
  return new Set(keys).size === keys.length;
}
