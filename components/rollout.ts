import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSpec, NodeSpec } from "../model/cluster-spec";
import { heldMachines, rolloutWaves } from "../model/rollout-order";
import type { ClusterSteps } from "./cluster-steps";
import type { MachineConfig } from "./machine-configs";
import { TalosNode, type ConfiguredNode, type Dependencies } from "./talos-node";

/** A machine with what was registered for it. */
export interface RegisteredMachine extends ConfiguredNode {
  readonly node: NodeSpec;
  readonly given: MachineConfig;
  readonly upgrade: pulumi.CustomResource;
}

/**
 * Order in which changes reach the machines: controllers one by one, then workers in waves.
 *
 * Order is a matter of dependencies alone, so that a machine more or less changes no input of another one. Machines on hold stay
 * registered, and nothing waits for them.
 */
export class Rollout {
  private readonly nodes = new Map<NodeSpec, TalosNode>();

  constructor(
    private readonly name: string,
    private readonly spec: ClusterSpec,
    private readonly steps: ClusterSteps,
    /** What every machine waits for, those on hold too. */
    private readonly first: Dependencies,
    private readonly parent: pulumi.Resource,
  ) {}

  /** Registers every machine with its upgrade; what it returns ends when all are upgraded. */
  upgrade(): Dependencies {
    const upgrade = (node: NodeSpec, after: Dependencies): pulumi.Resource => {
      const resource = new TalosNode(
        `${this.name}-${node.name}`,
        { node, upgrade: this.steps.upgradeOf(node), after },
        { parent: this.parent, aliases: aliasesOf(this.name, node) },
      );
      this.nodes.set(node, resource);
      return resource.upgrade;
    };
    for (const node of heldMachines(this.spec)) upgrade(node, this.first);
    return inWaves(this.spec, this.first, upgrade);
  }

  /** Registers every machine's config, after {@link upgrade}, behind the gate and with the wait until the machine is ready. */
  configure(after: Dependencies, configOf: (node: NodeSpec) => MachineConfig): ConfiguredMachines {
    const configured = new Map<NodeSpec, RegisteredMachine>();
    // Bootstrap stays with this one for ever, on hold or not: another name would ask for a second cluster.
    const [firstController] = this.spec.controllers as [NodeSpec];
    const bootstrap = (config: pulumi.Resource) => this.steps.bootstrap(firstController, config);
    const configure = (node: NodeSpec, before: Dependencies): pulumi.Resource => {
      const given = configOf(node);
      const resource = this.nodes.get(node)!;
      const machine = resource.configure({
        ...given,
        gate: this.steps.gateOf(node),
        ready: this.steps.readyOf(node),
        after: before,
        beforeReady: node === firstController && !node.hold ? bootstrap : undefined,
      });
      configured.set(node, { node, given, upgrade: resource.upgrade, ...machine });
      return machine.ready;
    };
    for (const node of heldMachines(this.spec)) configure(node, this.first);
    // The others wait for the bootstrap behind the first controller's wait; on hold, that is gone round.
    const held = firstController.hold ? [bootstrap(configured.get(firstController)!.config)] : [];
    const last = inWaves(this.spec, [...after, ...held], configure);
    const nodes = [...this.spec.controllers, ...this.spec.workers];
    return { machines: nodes.map((node) => configured.get(node)!), last };
  }
}

/** Every machine of a cluster in roll-out order, and what ends when all of them are ready. */
export interface ConfiguredMachines {
  readonly machines: readonly RegisteredMachine[];
  readonly last: Dependencies;
}

/** Registers something for each machine that is not on hold, after all of the wave before; returns the last wave. */
function inWaves(
  spec: ClusterSpec,
  first: Dependencies,
  register: (node: NodeSpec, after: Dependencies) => pulumi.Resource,
): Dependencies {
  let after = first;
  for (const wave of rolloutWaves(spec)) after = wave.map((node) => register(node, after));
  return after;
}

/** A machine under a new name keeps its resources; the names of its children follow the component's. */
function aliasesOf(name: string, { renamedFrom }: NodeSpec): pulumi.Alias[] {
  return renamedFrom === undefined ? [] : [{ name: `${name}-${renamedFrom}` }];
}
