import * as pulumi from "@pulumi/pulumi";

/**
 * An error of something that became known during the run, as its text alone.
 *
 * It must have no stack frames: Pulumi inspects the error even when it hides the stack (SDK 3.248.0), and Node 20 takes a
 * minute over a frame of an output, whose path is that of a file right below a scope in node_modules.
 */
export function lateError(text: string): pulumi.RunError {
  const error = new pulumi.RunError(text);
  error.stack = text;
  return error;
}
