import { Command } from "commander";
import { ensureToolchain } from "../toolchain";
import { runCommand } from "./run-command";

const command = new Command("toolchain").description(
  "Makes pulumi, talosctl, kubectl and the lab's programs available in .tools/bin.",
);
command.parse();

runCommand(async () => {
  const { binDirectory, programs } = await ensureToolchain();
  for (const { name, version, path } of programs.values())
    console.log([name.padEnd(24), version.padEnd(10), path].join(" "));
  console.log(`\nIn your shell: export PATH=${binDirectory}:$PATH`);
});
