import fs from "node:fs";
import type { FakeTalosctl } from "./fake-talosctl";

/**
 * Lets the stand-in save etcd snapshots, whose path no recorded answer can name: it writes the file as talosctl v1.13.0
 * does, under another name first. With `fails` it ends as one whose stream broke does.
 */
export function answerSnapshots(talosctl: FakeTalosctl, { fails = "" } = {}): void {
  const { directory } = talosctl;
  if (!fs.existsSync(`${directory}/talosctl-others`))
    fs.renameSync(`${directory}/talosctl`, `${directory}/talosctl-others`);
  const end =
    fails === ""
      ? `mv "$file.part" "$file"
echo "etcd snapshot saved to \\"$file\\" (1056 bytes)"
echo "snapshot info: hash 0a1b2c3d, revision 812, total keys 301, total size 1024"`
      : `echo '${fails}' >&2; exit 1`;
  const program = `#!/bin/sh
here=$(dirname "$0")
case "$*" in
  *"etcd snapshot "*) ;;
  *) exec "$here/talosctl-others" "$@" ;;
esac
for file in "$@"; do :; done
while [ "$1" != --nodes ]; do shift; done
echo "$2 etcd snapshot" >> "$here/calls"
printf 'saved by %s' "$2" > "$file.part"
${end}
`;
  fs.writeFileSync(`${directory}/talosctl`, program, { mode: 0o755 });
}
