import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Plan } from "../../model/plan";
import type { FaultName } from "../../scripts/lab/faults";
import { startLab, type Lab, type LabReport, type StartLabOptions } from "../../scripts/lab";
import { Project, type Result } from "./project";

/** How a preview ended, what it printed, and the plan it made, if it read the machines. */
export interface Preview extends Result {
  readonly plan?: Plan;
}

/** A machine of a nodes file, as it stands there. */
export type NodeEntry = Readonly<Record<string, unknown>>;

/** A lab of its own for one test file, and a project whose data the test may edit. */
export class Rehearsal {
  /** Everything that was printed by runs, and every plan. */
  readonly printed: string[] = [];

  private constructor(
    private readonly home: string,
    readonly lab: Lab,
    readonly project: Project,
  ) {}

  static async start(options: StartLabOptions): Promise<Rehearsal> {
    const home = mkdtempSync(join(tmpdir(), "rehearsal-"));
    const lab = await startLab({ ...options, directory: join(home, "lab") });
    // The lab's own files become the project's: a test edits them as a person edits the committed ones.
    const { PULUMI_OPTION_CONFIG_FILE: generated, ...environment } = lab.environment;
    const project = new Project(environment);
    if (generated !== undefined) {
      project.write("nodes/lab.yaml", readFileSync(lab.directory.nodesFile, "utf8"));
      const stack = parse(readFileSync(generated, "utf8")) as { config: Record<string, unknown> };
      delete stack.config["talos-cluster:nodesFile"];
      project.write("Pulumi.lab.yaml", stringify(stack));
    }
    return new Rehearsal(home, lab, project);
  }

  /** `pulumi up` without questions; must end well unless the test says otherwise. */
  async up(...args: string[]): Promise<string> {
    return expectSuccess(await this.runUp(args));
  }

  async failingUp(...args: string[]): Promise<string> {
    const result = await this.runUp(args);
    assert.notEqual(result.code, 0, `this run should have failed:\n${result.output}`);
    return result.output;
  }

  async preview(...args: string[]): Promise<string> {
    return expectSuccess(await this.look(args));
  }

  /** A preview that ends well, with its plan. */
  async plan(...args: string[]): Promise<Preview & { readonly plan: Plan }> {
    const seen = await this.look(args);
    expectSuccess(seen);
    assert.ok(seen.plan, `no plan was written:\n${seen.output}`);
    return { ...seen, plan: seen.plan };
  }

  /** A preview that may fail, in an environment with more variables where given. */
  async look(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Promise<Preview> {
    const file = join(this.home, "plan.json");
    rmSync(file, { force: true });
    const result = await this.project.pulumi(["preview", "--stack", "lab", ...args], {
      environment: { ...environment, TALOS_CLUSTER_PLAN_FILE: file },
    });
    const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    this.printed.push(result.output, text ?? "");
    return text === undefined ? result : { ...result, plan: JSON.parse(text) as Plan };
  }

  private async runUp(args: readonly string[]): Promise<Result> {
    const words = ["up", "--yes", "--skip-preview", "--stack", "lab"];
    // An upgrade of many machines takes its time on a busy computer.
    const result = await this.project.pulumi([...words, ...args], { timeoutSeconds: 540 });
    this.printed.push(result.output);
    return result;
  }

  /** Sets keys of the stack config, as an editor would. */
  setConfig(values: Record<string, unknown>): void {
    const path = join(this.project.directory, "Pulumi.lab.yaml");
    const stack = parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
    for (const [key, value] of Object.entries(values)) stack.config[`talos-cluster:${key}`] = value;
    writeFileSync(path, stringify(stack));
  }

  /** Sets a value of the stack config that Pulumi encrypts. */
  async setSecret(path: string, value: string): Promise<void> {
    const words = ["config", "set", "--stack", "lab", "--path", "--secret", path, value];
    expectSuccess(await this.project.pulumi(words));
  }

  /** Changes the machines of the nodes file, as an editor would. */
  editNodes(change: (node: NodeEntry) => NodeEntry): void {
    this.rewriteNodes((nodes) => nodes.map(change));
  }

  /** Adds machines to the nodes file. */
  addNodes(...added: readonly NodeEntry[]): void {
    this.rewriteNodes((nodes) => [...nodes, ...added]);
  }

  /** Takes machines out of the nodes file, and returns what stood there. */
  removeNodes(...names: readonly string[]): NodeEntry[] {
    const isNamed = ({ name }: NodeEntry): boolean => names.includes(String(name));
    let removed: NodeEntry[] = [];
    this.rewriteNodes((nodes) => {
      removed = nodes.filter(isNamed);
      return nodes.filter((node) => !isNamed(node));
    });
    return removed;
  }

  private rewriteNodes(change: (nodes: readonly NodeEntry[]) => NodeEntry[]): void {
    const path = "nodes/lab.yaml";
    const text = readFileSync(join(this.project.directory, path), "utf8");
    const file = parse(text) as { nodes: NodeEntry[] };
    this.project.write(path, stringify({ ...file, nodes: change(file.nodes) }));
  }

  /** Changes one machine of the nodes file; a key that becomes undefined is taken out. */
  editNode(name: string, change: NodeEntry): void {
    this.editNodes((node) => (node.name === name ? { ...node, ...change } : node));
  }

  /** Address of a machine as the lab numbers them: controller-1, worker-2, spare-1. */
  addressOf(name: string): string {
    const { controllers, workers, spares } = this.lab.plan;
    const [, role = "", number = "0"] = /^(controller|worker|spare)-(\d+)$/.exec(name) ?? [];
    const list = { controller: controllers, worker: workers, spare: spares }[role];
    const address = list?.[Number(number) - 1];
    assert.ok(address, `this lab has no machine ${name}`);
    return address;
  }

  /** A step by hand, told by the stack: `upgrade controller-1 --dry-run`. */
  step(...words: readonly string[]): Promise<Result> {
    return this.project.run("node", ["-e", "import('talos-cluster/step')", ...words], 240);
  }

  /** Lets something go wrong with a machine until {@link clearFaults}. */
  fault(machine: string, fault: FaultName): Promise<void> {
    return this.lab.control.setFault(this.addressOf(machine), fault);
  }

  /** Lifts all faults of all machines, or those of one. */
  clearFaults(machine?: string): Promise<void> {
    return this.lab.control.clearFaults(
      ...(machine === undefined ? [] : [this.addressOf(machine)]),
    );
  }

  /** Runs talosctl against machines with the cluster's own credentials. */
  async talosctl(args: readonly string[], ...nodes: string[]): Promise<string> {
    const targets = nodes.length === 0 ? [] : ["--nodes", nodes.join(",")];
    return expectSuccess(
      await this.project.run("talosctl", [
        "--talosconfig",
        this.lab.directory.talosconfig,
        ...targets,
        ...args,
      ]),
    );
  }

  async kubectl(...args: string[]): Promise<string> {
    return expectSuccess(
      await this.project.run("kubectl", ["--kubeconfig", this.lab.directory.kubeconfig, ...args]),
    );
  }

  /** Writes kubeconfig and talosconfig from the stack's outputs for {@link talosctl} and {@link kubectl}. */
  async writeCredentials(): Promise<void> {
    const outputs = JSON.parse(await this.stackOutput("--json", "--show-secrets")) as Record<
      string,
      string
    >;
    writeFileSync(this.lab.directory.kubeconfig, outputs.kubeconfig ?? "", { mode: 0o600 });
    writeFileSync(this.lab.directory.talosconfig, outputs.talosconfig ?? "", { mode: 0o600 });
  }

  stackOutput(...args: string[]): Promise<string> {
    return this.project.pulumi(["stack", "output", "--stack", "lab", ...args]).then(expectSuccess);
  }

  exportState(...args: string[]): Promise<string> {
    return this.project.pulumi(["stack", "export", "--stack", "lab", ...args]).then(expectSuccess);
  }

  /** Names of machines that got a config since an earlier report, each as often as it got one. */
  async appliedSince(before: LabReport): Promise<string[]> {
    const after = await this.lab.report();
    return after.machines.flatMap((machine) => {
      const earlier = before.machines.find((candidate) => candidate.address === machine.address);
      const count = (machine.applies ?? []).length - (earlier?.applies ?? []).length;
      return Array<string>(count).fill(machine.name);
    });
  }

  async end(): Promise<void> {
    await this.lab.stop();
    this.project.remove();
    rmSync(this.home, { recursive: true, force: true });
  }
}

function expectSuccess(result: Result): string {
  assert.equal(result.code, 0, result.output);
  return result.output;
}

/** Machine of a report by its name; fails when there is none. */
export function machineOf(report: LabReport, name: string): LabReport["machines"][number] {
  const machine = report.machines.find((candidate) => candidate.name === name);
  assert.ok(machine, `no machine ${name} in the report`);
  return machine;
}
