import { deferred } from "./deferred";
import type { Problem } from "./problem";

/** Takes what is wrong at a path; nothing is wrong where the text is missing. */
export type Report = (path: string, text: string | undefined) => void;

/** A list of problems and the report that fills it. */
export function reportTo(problems: Problem[]): Report {
  return (path, text) => {
    if (text !== undefined) problems.push({ path, text });
  };
}

/** Whether a value can be checked. A value of a wrong type was reported already, and is deferred since: see salvage. */
export function isGiven<T>(value: T | undefined): value is T {
  return value !== undefined && (value as unknown) !== deferred;
}

/** Calls back with each item that can be checked, and its place. */
export function eachGiven<T>(
  list: readonly T[] | undefined,
  visit: (item: T, index: number) => void,
): void {
  if (!isGiven(list)) return;
  list.forEach((item, index) => {
    if (isGiven(item)) visit(item, index);
  });
}

/** Calls back with each entry that can be checked. */
export function eachEntry<T>(
  record: Readonly<Record<string, T>> | undefined,
  visit: (key: string, value: T) => void,
): void {
  if (!isGiven(record)) return;
  for (const [key, value] of Object.entries(record)) if (isGiven(value)) visit(key, value);
}
