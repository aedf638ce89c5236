export * from "./machine-connection";
export * from "./machine-secrets";
