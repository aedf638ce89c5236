import fs from "node:fs";
import path from "node:path";

/** A talosconfig that a child process can open, and nobody else can find. */
export interface CredentialsFile {
  /** Descriptor the child must inherit, or none when the file has a name. */
  readonly descriptor?: number;
  /** Path the child opens, when it inherits the descriptor under the given number. */
  pathFor(inheritedAs: number): string;
  remove(): void;
}

const prefix = "talosconfig-";

/**
 * Hands a talosconfig to children.
 *
 * On Linux the file is unlinked before anything is written into it: it never has a name while it
 * holds a secret, and is gone with the last process, killed or not. Elsewhere /dev/fd shares the
 * read position (talosctl opens its config more than once), so there a 0600 file in a 0700
 * directory is used and removed at the end.
 */
export function writeCredentialsFile(directory: string, text: string): CredentialsFile {
  return canReopenDescriptors() ? unnamedFile(directory, text) : namedFile(directory, text);
}

/** Removes what steps killed with SIGKILL left behind, by the process id in the name. */
export function removeAbandonedFiles(directory: string): void {
  for (const name of fs.readdirSync(directory)) {
    const owner = /^talosconfig-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    fs.rmSync(path.join(directory, name), { recursive: true, force: true });
  }
}

function canReopenDescriptors(): boolean {
  return process.platform === "linux" && fs.existsSync("/proc/self/fd");
}

function unnamedFile(directory: string, text: string): CredentialsFile {
  const file = path.join(memoryDirectory(directory), `${prefix}${process.pid}-${Date.now()}`);
  const descriptor = fs.openSync(file, "wx+", 0o600);
  fs.unlinkSync(file);
  fs.writeSync(descriptor, text);
  return {
    descriptor,
    pathFor: (inheritedAs) => `/dev/fd/${inheritedAs}`,
    remove: () => fs.closeSync(descriptor),
  };
}

/** Memory rather than a disk, where there is such a place: the text is then never on a disk. */
function memoryDirectory(directory: string): string {
  try {
    fs.accessSync("/dev/shm", fs.constants.W_OK);
    return "/dev/shm";
  } catch {
    return directory;
  }
}

export function namedFile(directory: string, text: string): CredentialsFile {
  const own = fs.mkdtempSync(path.join(directory, `${prefix}${process.pid}-`));
  const file = path.join(own, "talosconfig");
  fs.writeFileSync(file, text, { mode: 0o600, flag: "wx" });
  return { pathFor: () => file, remove: () => fs.rmSync(own, { recursive: true, force: true }) };
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
