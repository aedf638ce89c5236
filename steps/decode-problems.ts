/**
 * What Talos's parser says of a document, without a value: it prints what it cannot read, and that can be a secret.
 *
 * @see siderolabs/talos v1.13.0, pkg/machinery/config/configloader/internal/decoder
 */
export function decodeProblem(stderr: string, document: string): string {
  const keys = unknownKeys(stderr);
  if (keys.length > 0) {
    const are = keys.length === 1 ? "is a key" : "are keys";
    return `${keys.join(", ")} ${are} that Talos does not know. Correct the spelling, or the place.`;
  }
  const wrong = wrongTypes(stderr, document);
  if (wrong.length > 0) return `${wrong.join("; ")}. Give a value of that kind.`;
  return "Talos cannot read it as a part of a machine config. Hold it against the reference of the machine config.";
}

/** Keys that Talos does not know, as paths. It lists them as YAML, with their values. */
export function unknownKeys(stderr: string): string[] {
  const [, listing] = stderr.split(/unknown keys found during decoding:\n/);
  const stack: { readonly column: number; readonly key: string }[] = [];
  const leaves: string[] = [];
  let textBelow: number | undefined;
  for (const line of (listing ?? "").split("\n")) {
    if (textBelow !== undefined && (line.trim() === "" || line.search(/\S/) > textBelow)) continue;
    textBelow = undefined;
    const [, start, key, rest] = /^((?:\s*- )*\s*)([\w./-]+):(.*)$/.exec(line) ?? [];
    if (start === undefined || key === undefined) continue;
    while ((stack.at(-1)?.column ?? -1) >= start.length) stack.pop();
    stack.push({ column: start.length, key });
    const value = rest?.trim() ?? "";
    if (value !== "") leaves.push(stack.map((level) => level.key).join("."));
    // What is written below a block's sign is text, whatever it looks like.
    if (/^[|>]/.test(value)) textBelow = start.length;
  }
  return leaves;
}

/** Values of a wrong kind, by the key on their line. */
function wrongTypes(stderr: string, document: string): string[] {
  const lines = document.split("\n");
  return [...stderr.matchAll(/^\s*line (\d+): cannot construct !!\w+ .*into (\S+)$/gm)].map(
    ([, line, wanted]) => {
      const key = /([\w./-]+):/.exec(lines[Number(line) - 1] ?? "")?.[1];
      return `${key ?? `line ${line}`} wants ${wanted}`;
    },
  );
}
