import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/**
 * Directory of this user for locks and short-lived files, 0700, gone after a reboot.
 *
 * Under a shared /tmp another user could have made it first, to read or swap what is put there:
 * one that is not ours alone is refused.
 */
export function runtimeDirectory(): string {
  const directory = path.join(baseDirectory(), `talos-cluster-${os.userInfo().uid}`);
  fs.mkdirSync(directory, { mode: 0o700, recursive: true });
  assertPrivate(directory);
  return directory;
}

function baseDirectory(): string {
  const given = process.env.XDG_RUNTIME_DIR;
  if (given !== undefined && given !== "" && isWritable(given)) return given;
  return os.tmpdir();
}

function isWritable(directory: string): boolean {
  try {
    fs.accessSync(directory, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function assertPrivate(directory: string): void {
  const status = fs.lstatSync(directory);
  const isPrivate =
    status.isDirectory() && status.uid === os.userInfo().uid && (status.mode & 0o077) === 0;
  if (isPrivate) return;
  throw new Error(
    `${directory}: is not a directory of this user alone. Remove it, or set XDG_RUNTIME_DIR to a private directory.`,
  );
}
