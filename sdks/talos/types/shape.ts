import * as pulumi from "@pulumi/pulumi";

/** `T` with every property a Pulumi input, at every depth. Documentation and `?` carry over. */
export type InputsOf<T> = { [Name in keyof T]: pulumi.Input<DeepInput<T[Name]>> };

type DeepInput<T> = T extends readonly (infer Item)[]
  ? pulumi.Input<DeepInput<Item>>[]
  : T extends object
    ? InputsOf<T>
    : T;
