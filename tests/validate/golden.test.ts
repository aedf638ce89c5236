import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectDirectory } from "../../scripts/toolchain";
import { documentsOf, goldenCases, type GoldenCase } from "../model/golden-cases";

const talosctl = (...given: string[]): string =>
  execFileSync(join(projectDirectory, ".tools", "bin", "talosctl"), given, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

describe("documents of real-life clusters", function () {
  this.timeout(60_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "golden-"));
    talosctl("gen", "secrets", "-o", join(directory, "secrets.yaml"));
  });
  after(() => rmSync(directory, { recursive: true }));

  for (const { name, spec, machines } of goldenCases()) {
    for (const { node } of machines) {
      it(`of ${node.name} in ${name} pass talosctl validate --strict`, () => {
        const config = generate(directory, spec, node);
        talosctl("validate", "--config", config, "--mode", "metal", "--strict");
      });
    }
  }
});

type Machine = GoldenCase["machines"][number]["node"];

/** The path of the config that talosctl makes of a machine's documents. */
function generate(directory: string, spec: GoldenCase["spec"], node: Machine): string {
  const patches = documentsOf(node, spec).flatMap((text, index) => {
    const path = join(directory, `patch-${index}.yaml`);
    writeFileSync(path, text);
    return ["--config-patch", `@${path}`];
  });
  const output = join(directory, "config.yaml");
  talosctl(
    ...["gen", "config", spec.clusterName, String(spec.endpoint)],
    ...["--talos-version", spec.versionContract],
    ...["--kubernetes-version", spec.kubernetesVersion.replace(/^v/, "")],
    ...["--with-secrets", join(directory, "secrets.yaml"), "--with-docs=false"],
    ...["--with-examples=false", ...patches, "--force"],
    ...["-t", node.role === "controller" ? "controlplane" : "worker", "-o", output],
  );
  return output;
}
