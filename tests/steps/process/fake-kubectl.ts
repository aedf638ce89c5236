import fs from "node:fs";
import path from "node:path";
import type { FakeTalosctl } from "./fake-talosctl";

/** A Node of the imagined cluster. */
export interface FakeNode {
  readonly name: string;
  readonly address: string;
  readonly ready?: boolean;
  readonly cordoned?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A `kubectl` that keeps Nodes in a file, beside the stand-in talosctl. Without a kubeconfig it answers nothing. */
export class FakeKubectl {
  constructor(private readonly talosctl: FakeTalosctl) {
    fs.writeFileSync(this.file("kubectl"), program, { mode: 0o755 });
    this.answer("pods", { items: [] });
    this.answer("poddisruptionbudgets", { items: [] });
  }

  setNodes(nodes: readonly FakeNode[]): void {
    this.answer("nodes", {
      kind: "List",
      items: nodes.map(({ name, address, ready = true, cordoned = false, annotations = {} }) => ({
        metadata: { name, annotations, resourceVersion: "1" },
        spec: cordoned ? { unschedulable: true } : {},
        status: {
          addresses: [{ type: "InternalIP", address }],
          conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
        },
      })),
    });
  }

  /** What `kubectl get <kind>` shows. */
  answer(kind: string, objects: object): void {
    fs.writeFileSync(this.file(`kubectl-${kind}.json`), JSON.stringify(objects));
  }

  /** Lets a command fail, as `drain` does when a budget forbids it. */
  fail(command: string, stderr: string): void {
    fs.writeFileSync(this.file(`kubectl-${command}.fails`), stderr);
  }

  /** Every call so far that is no question. */
  get changes(): string[] {
    const log = this.file("kubectl-calls");
    if (!fs.existsSync(log)) return [];
    const calls = fs.readFileSync(log, "utf8").trim().split("\n");
    return calls.filter((call) => !call.startsWith("get "));
  }

  /** Whether a Node is cordoned, and its annotations. */
  node(name: string): { readonly cordoned: boolean; readonly annotations: object } {
    const { items } = JSON.parse(fs.readFileSync(this.file("kubectl-nodes.json"), "utf8")) as {
      items: {
        metadata: { name: string; annotations: object };
        spec: { unschedulable?: boolean };
      }[];
    };
    const found = items.find(({ metadata }) => metadata.name === name);
    return {
      cordoned: found?.spec.unschedulable === true,
      annotations: found?.metadata.annotations ?? {},
    };
  }

  private file(name: string): string {
    return path.join(this.talosctl.directory, name);
  }
}

const program = `#!${process.execPath}
const fs = require("fs"), path = require("path");
const here = path.dirname(process.argv[1]);
let words = process.argv.slice(2);
const given = words[0] === "--kubeconfig" && fs.readFileSync(words[1], "utf8");
words = words.slice(2);
if (words[0] === "--server") words = words.slice(2);
fs.appendFileSync(path.join(here, "kubectl-calls"), words.join(" ") + "\\n");
const end = (text, code) => { process.stderr.write(text + "\\n"); process.exit(code); };
if (!/kind: Config/.test(given)) end("no kubeconfig", 1);
const fails = path.join(here, "kubectl-" + words[0] + ".fails");
if (fs.existsSync(fails)) end(fs.readFileSync(fails, "utf8"), 1);
const file = (kind) => path.join(here, "kubectl-" + kind + ".json");
const read = (kind) => JSON.parse(fs.readFileSync(file(kind), "utf8"));
const [verb, kind, name] = words;
if (verb === "get" && kind === "--raw") process.stdout.write("ok");
else if (verb === "get" && kind === "node") {
  const found = read("nodes").items.find((node) => node.metadata.name === name);
  if (found) process.stdout.write(JSON.stringify(found));
} else if (verb === "get") process.stdout.write(JSON.stringify(read(kind)));
else if (verb === "patch") {
  const list = read("nodes");
  const node = list.items.find((each) => each.metadata.name === name);
  const patch = JSON.parse(words[words.indexOf("-p") + 1]);
  for (const [key, value] of Object.entries(patch.metadata.annotations)) {
    if (value === null) delete node.metadata.annotations[key];
    else node.metadata.annotations[key] = value;
  }
  if (patch.spec.unschedulable === null) delete node.spec.unschedulable;
  else node.spec.unschedulable = patch.spec.unschedulable;
  fs.writeFileSync(file("nodes"), JSON.stringify(list));
}
`;
