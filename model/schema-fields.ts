import { z } from "zod";

/*
 * Fields of a nodes file. A schema only tells types apart: what a value may be is said by the checks, which have better
 * words, and which typed arguments pass through too. `meta` carries it into the JSON Schema, for editors.
 */

/** A text. */
export function text(description: string, example?: string): z.ZodString {
  return z
    .string()
    .meta({ description, ...(example === undefined ? {} : { examples: [example] }) });
}

/** One of some texts. */
export function choice(description: string, values: readonly string[]): z.ZodString {
  return z.string().meta({ description, enum: [...values] });
}

/** A whole number within bounds. */
export function wholeNumber(description: string, minimum: number, maximum: number): z.ZodInt {
  return z.int().meta({ description, minimum, maximum });
}

/** True or false. */
export function flag(description: string): z.ZodBoolean {
  return z.boolean().meta({ description });
}

/** A list of texts. */
export function texts(description: string, example: string): z.ZodArray<z.ZodString> {
  return z.array(z.string()).meta({ description, examples: [[example]] });
}

/** Texts by keys that a person chooses. */
export function textsByKey(
  description: string,
  example: Record<string, string>,
): z.ZodRecord<z.ZodString, z.ZodString> {
  return z.record(z.string(), z.string()).meta({ description, examples: [example] });
}
