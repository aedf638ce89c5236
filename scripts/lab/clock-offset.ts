const unitHours: Record<string, number> = { d: 24, h: 1, m: 1 / 60 };

/** An offset as the lab takes it, in hours, of one that a person writes: 26h, -90m, 400d, 0. Throws for any other. */
export function clockOffset(text: string): string {
  if (/^[+-]?0$/.test(text)) return "0s";
  const parts = /^([+-]?)(\d+)([dhm])$/.exec(text);
  if (parts === null)
    throw new Error(`clock: "${text}" is no offset. Write it as 26h, -90m, 400d, or 0 for none.`);
  const [, sign, count, unit] = parts as unknown as [string, string, string, string];
  const hours = Number(count) * (unitHours[unit] ?? 1);
  return `${sign === "-" ? "-" : ""}${unit === "m" ? `${count}m` : `${hours}h`}`;
}
