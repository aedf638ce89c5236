import * as pulumi from "@pulumi/pulumi";

/** The value of an output, or nothing when a preview cannot know it. */
export async function knownValue<T>(
  output: pulumi.Output<T>,
): Promise<pulumi.Unwrap<T> | undefined> {
  // Not in the SDK's types, though every Output has it (3.248.0): `apply` alone would wait for ever on an unknown value.
  const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
  return (await isKnown) ? settledValue(output) : undefined;
}

/** The value of an output that is known. */
export function settledValue<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => void output.apply((value) => resolve(value as pulumi.Unwrap<T>)));
}
