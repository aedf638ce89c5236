import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { NodeSpec } from "../../model/cluster-spec";
import { nodeDocuments } from "../../model/node-documents";
import { projectDirectory } from "../../scripts/toolchain";
import { goBuild } from "../../scripts/toolchain/go-build";

/** A machine to render: the documents that come on top of its role's base, and the pins the base follows. */
export interface RenderRequest {
  readonly role: NodeSpec["role"];
  readonly contract: string;
  readonly kubernetes: string;
  readonly patches: readonly string[];
}

/** What Talos's own code made of it. */
export interface RenderResult {
  readonly ok: boolean;
  /** What was wrong; warnings are errors here. */
  readonly error?: string;
  readonly config?: string;
}

/** One process that renders and validates machine configs with Talos's own code, thousands of them in seconds. */
export interface RenderCheck {
  readonly render: (request: RenderRequest) => Promise<RenderResult>;
  readonly stop: () => void;
}

const cluster = { clusterName: "example", endpoint: "https://192.168.1.10:6443", mode: "metal" };

/** Builds the program, which takes a moment when Go's cache is warm, and starts it. */
export async function startRenderCheck(): Promise<RenderCheck> {
  const output = join(projectDirectory, ".tools", "render-check", "render-check");
  await goBuild({
    moduleDirectory: join(projectDirectory, "lab"),
    packagePath: "./cmd/render-check",
    linkerFlags: "-s -w",
    output,
  });
  const child = spawn(output, { stdio: ["pipe", "pipe", "inherit"] });
  // Answers come in the order of the questions.
  const waiting: ((result: RenderResult) => void)[] = [];
  createInterface({ input: child.stdout }).on("line", (line) =>
    waiting.shift()?.(JSON.parse(line) as RenderResult),
  );
  child.on("exit", (code) => {
    const error = `render-check ended with exit code ${code} before it answered`;
    for (const answer of waiting.splice(0)) answer({ ok: false, error });
  });
  let asked = 0;
  return {
    render: (request) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        child.stdin.write(`${JSON.stringify({ id: String(asked++), ...cluster, ...request })}\n`);
      }),
    stop: () => child.stdin.end(),
  };
}

/** A machine's own documents as a request. */
export function requestOf(node: NodeSpec, contract: string, kubernetes: string): RenderRequest {
  const installDisk = typeof node.installDisk === "string" ? node.installDisk : undefined;
  const patches = nodeDocuments(node, { versionContract: contract, installDisk });
  return { role: node.role, contract, kubernetes, patches };
}
