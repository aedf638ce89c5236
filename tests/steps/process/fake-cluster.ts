import fs from "node:fs";
import { answerAsOurs, answerInMaintenance } from "../recorded";
import type { FakeTalosctl } from "./fake-talosctl";

/** A machine of the imagined cluster. */
export interface FakeMachine {
  readonly hostname: string;
  readonly address: string;
  readonly role?: "controller" | "worker";
}

/** Flags of the reset that a removal asks for. */
export const gracefulReset =
  "reset --graceful=true --reboot --system-labels-to-wipe=STATE,EPHEMERAL --wait=false";

/** The same of a controller that is no etcd member. */
export const forcedReset = gracefulReset.replace("=true", "=false");

/** Id of the member that is the nth of the list, as the recorded table has it. */
export function memberId(index: number): string {
  return `c63cc74e1f10ec8${index}`;
}

/**
 * Controllers and workers that change when they are told to: who leaves etcd is listed no more, who is
 * reset answers in maintenance mode, and a Node that is deleted is gone.
 */
export class FakeCluster {
  constructor(
    private readonly talosctl: FakeTalosctl,
    readonly controllers: readonly FakeMachine[],
    readonly workers: readonly FakeMachine[] = [],
  ) {
    this.answerMembers(controllers);
    for (const worker of workers)
      answerAsOurs(talosctl, { ...worker, role: "worker", nodeReady: true });
    for (const machine of this.machines) this.answerReset(machine);
    for (const controller of controllers) {
      talosctl.answer(controller.address, "kubeconfig - --merge=false", {
        stdout: "kind: Config\n",
      });
    }
    this.writeKubectl();
    this.machines.forEach((machine) => this.answerNode(machine, true));
  }

  private get machines(): FakeMachine[] {
    return [...this.controllers, ...this.workers];
  }

  /** Each controller lists these members; who leaves or is removed is one less in every list. */
  answerMembers(members: readonly FakeMachine[]): void {
    for (const controller of members)
      answerAsOurs(this.talosctl, { ...controller, members, nodeReady: true });
    members.forEach((member, index) => {
      const script = members
        .filter((other) => other !== member)
        .map(({ address }) => {
          const file = `"$here/answers/${address}/etcd_members.out"`;
          return `[ ! -e ${file} ] || sed -i '/ ${memberId(index)} /d' ${file}`;
        })
        .join("\n");
      this.talosctl.answer(member.address, "etcd leave", { script });
      for (const other of members)
        this.talosctl.answer(other.address, `etcd remove-member ${memberId(index)}`, { script });
    });
  }

  /** A machine that answers nothing, and whose kubelet does not either. */
  switchOff(machine: FakeMachine, nodeReady = false): void {
    fs.rmSync(`${this.talosctl.directory}/answers/${machine.address}`, { recursive: true });
    this.answerNode(machine, nodeReady);
  }

  /** Every call of kubectl so far, without its way to the API. */
  get kubectlCalls(): string[] {
    const file = `${this.talosctl.directory}/kubectl-calls`;
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
  }

  /** Calls that change a machine or a member, in their order, as `address command`. */
  get changes(): string[] {
    return this.talosctl.calls.filter((call) => /etcd (leave|remove-member)| reset /.test(call));
  }

  private answerReset(machine: FakeMachine): void {
    const { address } = machine;
    const empty = `${this.talosctl.directory}/empty-${address}`;
    answerInMaintenance(this.talosctl, address + ".empty");
    fs.rmSync(empty, { recursive: true, force: true });
    fs.renameSync(`${this.talosctl.directory}/answers/${address}.empty`, empty);
    const script = `cp -R "${empty}/." "$here/answers/${address}/"`;
    for (const graceful of ["true", "false"])
      this.talosctl.answer(address, gracefulReset.replace("=true", `=${graceful}`), { script });
  }

  private answerNode({ hostname, address }: FakeMachine, ready: boolean): void {
    const node = {
      metadata: { name: hostname, resourceVersion: "1" },
      status: {
        addresses: [{ type: "InternalIP", address }],
        conditions: [{ type: "Ready", status: ready ? "True" : "Unknown" }],
      },
    };
    const directory = `${this.talosctl.directory}/nodes`;
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(`${directory}/${hostname}`, JSON.stringify(node));
  }

  private writeKubectl(): void {
    fs.writeFileSync(`${this.talosctl.directory}/kubectl`, kubectl, { mode: 0o755 });
  }
}

const kubectl = `#!/bin/sh
here=$(dirname "$0"); shift 2
if [ "$1" = --server ]; then shift 2; fi
echo "$*" >> "$here/kubectl-calls"
case "$1 $2" in
  "get nodes")
    printf '{"items":['; separator=
    for file in "$here"/nodes/*; do [ -e "$file" ] || continue; printf '%s' "$separator"; cat "$file"; separator=,; done
    printf ']}' ;;
  "get node") [ ! -e "$here/nodes/$3" ] || cat "$here/nodes/$3" ;;
  "delete node") rm -f "$here/nodes/$3" ;;
  "get pods"|"get poddisruptionbudgets") printf '{"items":[]}' ;;
  *) [ ! -e "$here/kubectl-fails-$1" ] || { cat "$here/kubectl-fails-$1" >&2; exit 1; } ;;
esac
`;
