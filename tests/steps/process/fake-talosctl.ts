import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** What the stand-in prints and how it ends. */
export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  /** Shell lines run first, for what a recorded answer cannot show. */
  readonly script?: string;
}

/**
 * A `talosctl` that answers from files, with texts recorded from real machines. It looks its answer
 * up by address and command, so that a test changes a machine by writing another answer.
 */
export class FakeTalosctl {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "talos-cluster-test-"));

  constructor() {
    fs.writeFileSync(path.join(this.directory, "talosctl"), program, { mode: 0o755 });
    this.answer("client", "version --client --short", { stdout: "Client:\nTalos v1.13.0\n" });
  }

  /** PATH with the stand-in first. */
  get path(): string {
    return `${this.directory}:${process.env.PATH}`;
  }

  /** Directory for locks and temporary files, so that tests do not meet each other's. */
  get runtimeDirectory(): string {
    const directory = path.join(this.directory, "run");
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  answer(
    address: string,
    command: string,
    { stdout = "", stderr = "", code = 0, script = "" }: Answer,
  ): void {
    const base = path.join(this.directory, "answers", address);
    fs.mkdirSync(base, { recursive: true });
    const file = path.join(base, command.replace(/[^A-Za-z0-9.=-]/g, "_"));
    fs.writeFileSync(`${file}.out`, stdout);
    fs.writeFileSync(`${file}.err`, stderr);
    fs.writeFileSync(`${file}.sh`, `${script}\n`);
    fs.writeFileSync(`${file}.code`, String(code));
  }

  /** Every call so far, as `address command`. */
  get calls(): string[] {
    const log = path.join(this.directory, "calls");
    return fs.existsSync(log) ? fs.readFileSync(log, "utf8").trim().split("\n") : [];
  }

  /** Calls that another machine passed on, as `endpoint address command`. */
  get callsThrough(): string[] {
    const log = path.join(this.directory, "calls-through");
    return fs.existsSync(log) ? fs.readFileSync(log, "utf8").trim().split("\n") : [];
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** No answer for a machine is a machine that is off. */
const program = `#!/bin/sh
here=$(dirname "$0"); address=client; command=
while [ $# -gt 0 ]; do
  case "$1" in
    --talosconfig) config="$2"; shift ;;
    --endpoints) through="$2"; shift ;;
    --nodes) address="$2"; shift ;;
    --timeout=*) ;;
    *) command="$command\${command:+ }$1" ;;
  esac
  shift
done
echo "$address $command" >> "$here/calls"
[ "\${through:-$address}" = "$address" ] || echo "$through $address $command" >> "$here/calls-through"
file="$here/answers/$address/$(printf %s "$command" | tr -c 'A-Za-z0-9.=-' _)"
if [ ! -e "$file.code" ]; then
  echo "rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial tcp $address:50000: connect: connection refused\\"" >&2
  exit 1
fi
. "$file.sh"
cat "$file.out"; cat "$file.err" >&2
exit "$(cat "$file.code")"
`;
