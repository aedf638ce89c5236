/** What every kind of link can have. */
export interface LinkSettingsInput {
  /** Addresses with their masks, for example `192.168.1.10/24`. */
  readonly addresses?: readonly string[];
  readonly routes?: readonly RouteInput[];
  readonly mtu?: number;
  readonly dhcp?: boolean;
  /** Address that controllers share; one of them holds it at a time. */
  readonly vip?: string;
}

/** One network interface of a machine: chosen by name, by MAC address or by a selector, or made of others. */
export interface NetworkInterfaceInput extends LinkSettingsInput {
  /** Name of the interface, for example `eth0`; of a bond or bridge, the name it gets. */
  readonly interface?: string;
  /** Chooses a physical interface by what it is. */
  readonly deviceSelector?: DeviceSelectorInput;
  /** Short for a deviceSelector by permanent hardware address. */
  readonly mac?: string;
  readonly vlans?: readonly VlanInput[];
  readonly bond?: BondInput;
  readonly bridge?: BridgeInput;
}

export interface RouteInput {
  /** Destination, for example `0.0.0.0/0`. */
  readonly network?: string;
  readonly gateway?: string;
  readonly source?: string;
  readonly metric?: number;
  readonly mtu?: number;
}

export interface VlanInput extends LinkSettingsInput {
  readonly vlanId: number;
}

/** All that is given must match; `*` stands for any characters in the texts. */
export interface DeviceSelectorInput {
  readonly busPath?: string;
  readonly hardwareAddr?: string;
  readonly permanentAddr?: string;
  readonly pciID?: string;
  readonly driver?: string;
  readonly physical?: boolean;
}

export interface BondInput {
  /** Names of the interfaces below the bond. */
  readonly interfaces?: readonly string[];
  readonly deviceSelectors?: readonly DeviceSelectorInput[];
  readonly mode?: string;
  readonly lacpRate?: string;
  readonly xmitHashPolicy?: string;
  readonly miimon?: number;
  readonly updelay?: number;
  readonly downdelay?: number;
  readonly primary?: string;
}

export interface BridgeInput {
  readonly interfaces?: readonly string[];
  readonly stp?: boolean;
  readonly vlanFiltering?: boolean;
}
