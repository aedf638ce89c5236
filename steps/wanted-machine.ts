import type { IdentityInput } from "../model/cluster-input";
import type { Machine, Role } from "./machine";
import type { MachineFacts } from "./machine-facts";
import type { MachineState } from "./machine-state";

/** A machine as the stack wants it. */
export interface WantedMachine extends Machine {
  readonly role: Role;
  /** Its own pin, or the cluster's. */
  readonly talosVersion: string;
  readonly secureboot: boolean;
  /** Official extensions of the wanted schematic; none when only its id is known. */
  readonly extensions?: readonly string[];
  /** Extensions in use that the wanted schematic leaves out on purpose. */
  readonly dropExtensions: readonly string[];
  readonly identity?: IdentityInput;
  readonly renamedFrom?: string;
  readonly incarnation: number;
  /** Id of the wanted schematic; none when the step was not told. */
  readonly schematicId?: string;
  /** On hold: not asked, not changed, counted as down. */
  readonly hold?: true;
}

/** A wanted machine, and what answered at its address. */
export interface MachineObservation {
  readonly machine: WantedMachine;
  readonly state: MachineState;
  readonly facts: MachineFacts;
}
