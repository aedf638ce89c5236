import { spawn } from "node:child_process";
import { Deadline } from "../../steps/deadline";
import { lockMachine } from "../../steps/lock";
import { controller } from "./observations";

/** A step that takes a lock, hands it to a child as talosctl would get it, prints the child's id and hangs. */
async function hold(directory: string): Promise<void> {
  const deadline = new Deadline(60);
  const lock = await lockMachine({
    directory,
    cluster: "test",
    machine: controller(1),
    step: "ready",
    deadline,
    onWait: () => undefined,
  });
  const child = spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", lock.descriptor] });
  process.stdout.write(`${child.pid}\n`);
  setInterval(() => undefined, 1000);
}

void hold(process.argv[2] ?? "");
