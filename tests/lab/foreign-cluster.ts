import assert from "node:assert/strict";
import type { Rehearsal } from "./rehearsal";

/** Makes a cluster of the rehearsal's machines with talosctl alone; its secrets are in a bundle in the project's folder. */
export async function foreignCluster(rehearsal: Rehearsal, bundle: string): Promise<void> {
  const { plan } = rehearsal.lab;
  const talosctl = async (...words: string[]) => {
    const { code, output } = await rehearsal.project.run("talosctl", words, 240);
    assert.equal(code, 0, `talosctl ${words.join(" ")}\n${output}`);
    return output;
  };
  await talosctl("gen", "secrets", "--talos-version", "v1.12", "--output-file", bundle);
  await talosctl(
    ...[
      "gen",
      "config",
      "lab",
      `https://${plan.endpoint}:6443`,
      "--with-secrets",
      bundle,
      "--output",
      "foreign",
    ],
    ...["--talos-version", "v1.12", "--kubernetes-version", plan.kubernetesVersion.slice(1)],
    ...["--install-disk", "/dev/sda", "--install-image", installer(plan.talosVersion)],
  );
  const machines = [
    ["controller-1", "controlplane"],
    ["worker-1", "worker"],
  ] as const;
  for (const [name, kind] of machines) {
    const hostname = `apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: ${name}\nauto: off\n`;
    const config = ["--file", `foreign/${kind}.yaml`, "--config-patch", hostname];
    await talosctl("apply-config", "--insecure", "--nodes", rehearsal.addressOf(name), ...config);
  }
  const first = rehearsal.addressOf("controller-1");
  const ours = ["--talosconfig", "foreign/talosconfig", "--endpoints", first, "--nodes", first];
  await bootstrap(() => rehearsal.project.run("talosctl", [...ours, "bootstrap"]));
  await talosctl(...ours, "health", "--wait-timeout", "3m");
}

/** The machine installs itself, and refuses until it has. */
async function bootstrap(
  ask: () => Promise<{ readonly code: number; readonly output: string }>,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const { code, output } = await ask();
    if (code === 0) return;
    assert.ok(tries < 60, output);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function installer(version: string): string {
  const vanilla = "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba";
  return `factory.talos.dev/metal-installer/${vanilla}:${version}`;
}
