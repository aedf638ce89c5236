import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

/** Bytes of the SHA-256 that etcd puts behind the database of a snapshot. */
const hashBytes = 32;
/** Databases are whole disk sectors, so what is over is the hash. */
const sectorBytes = 512;

/**
 * Why a cluster cannot be recovered from a file, or nothing.
 *
 * A machine finds out only after it was told to start etcd from it, and then has no etcd at all.
 *
 * @see etcd v3.6, etcdutl/snapshot/v3_snapshot.go, hasChecksum and copyAndVerifyDB
 */
export async function snapshotFileProblem(file: string): Promise<string | undefined> {
  try {
    return await readProblem(file);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return `it cannot be read (${code}). Give the path of a snapshot from the project directory, or an absolute one.`;
  }
}

async function readProblem(file: string): Promise<string | undefined> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    if (size <= hashBytes) return `it has ${size} bytes: it is no etcd snapshot.`;
    if (size % sectorBytes !== hashBytes) {
      return "it has no hash at its end: it was copied from a data directory, or is cut off. Take a snapshot with talosctl etcd snapshot where etcd still runs.";
    }
    const stored = Buffer.alloc(hashBytes);
    await handle.read(stored, 0, hashBytes, size - hashBytes);
    const hash = createHash("sha256");
    await pipeline(createReadStream(file, { end: size - hashBytes - 1 }), hash);
    if (hash.digest().equals(stored)) return undefined;
    return "its hash is not that of its content: it is damaged. Take another snapshot.";
  } finally {
    await handle.close();
  }
}
