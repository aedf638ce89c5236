import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Machine, Role } from "./machine";

/** A machine of the cluster, as the stack wanted it. */
export interface MemberMachine extends Machine {
  readonly role: Role;
}

/** Most characters of one line of a record: a longer one would be cut, and could not be read again. */
const lineCharacters = 4000;
/** A record longer than this is packed: all that a step prints has a limit. */
const plainCharacters = 4000;
/** Longer runs of letters and digits look like a secret, and would be hidden. */
const packedRun = 32;

/**
 * The machines of a cluster as lines that the next run reads in this step's previous output.
 *
 * `name@address`, IPv6 with `_` in place of its colons: what looks like the value of a key named `ca` would be hidden.
 */
export function recordMembers(machines: readonly MemberMachine[]): string[] {
  const plain = [
    ...wordsOf("controllers", machines, "controller"),
    ...wordsOf("workers", machines, "worker"),
  ];
  const head = `members ${machines.length}`;
  if (plain.join(" ").length <= plainCharacters) return [head, ...inLines("member", plain)];
  const packed = deflateRawSync(plain.join(" "), { level: 9 }).toString("base64url");
  const runs = packed.match(new RegExp(`.{1,${packedRun}}`, "g")) ?? [];
  return [head, ...inLines("packed", runs)];
}

function wordsOf(title: string, machines: readonly MemberMachine[], role: Role): string[] {
  const named = machines
    .filter((machine) => machine.role === role)
    .map(({ name, address }) => `${name}@${address.replaceAll(":", "_")}`);
  return named.length === 0 ? [] : [title, ...named];
}

function inLines(title: string, words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = title;
  for (const word of words) {
    if (line.length + word.length + 1 > lineCharacters) {
      lines.push(line);
      line = title;
    }
    line = `${line} ${word}`;
  }
  return line === title ? lines : [...lines, line];
}

/** Machines of a previous output; "unknown" when it holds no whole record. */
export function readMembers(output: string): MemberMachine[] | "unknown" {
  const lines = output.split("\n").map((line) => line.replace(/^\[ *\d+\.\ds\] /, "").trim());
  const count = lines.map((line) => /^members (\d+)$/.exec(line)?.[1]).find(Boolean);
  if (count === undefined) return "unknown";
  const plain = restOf(lines, "member ").join(" ");
  const packed = restOf(lines, "packed ").join(" ").replaceAll(" ", "");
  const machines = parseWords(packed === "" ? plain : unpack(packed));
  return machines.length === Number(count) ? machines : "unknown";
}

function restOf(lines: readonly string[], start: string): string[] {
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

function unpack(packed: string): string {
  try {
    return inflateRawSync(Buffer.from(packed, "base64url")).toString("utf8");
  } catch {
    return "";
  }
}

function parseWords(text: string): MemberMachine[] {
  const machines: MemberMachine[] = [];
  let role: Role = "controller";
  for (const word of text.split(" ")) {
    if (word === "controllers") role = "controller";
    else if (word === "workers") role = "worker";
    const [, name = "", address = ""] = /^([a-z0-9.-]+)@([0-9a-fA-F._]+)$/.exec(word) ?? [];
    if (name !== "") machines.push({ name, address: address.replaceAll("_", ":"), role });
  }
  return machines;
}

/** Machines that were wanted and are not any more. A machine under a new name, or installed anew, is not gone. */
export function goneMachines(
  previous: readonly MemberMachine[],
  wanted: readonly MemberMachine[],
  renames: ReadonlyMap<string, string>,
): MemberMachine[] {
  const had = (name: string) => previous.some((machine) => machine.name === name);
  const isRenamed = (old: string) =>
    [...renames].some(
      // A rename that was carried out before says nothing of a machine that took the old name since.
      ([name, from]) => from === old && !had(name) && wanted.some((one) => one.name === name),
    );
  return previous.filter(
    ({ name }) => !wanted.some((machine) => machine.name === name) && !isRenamed(name),
  );
}
