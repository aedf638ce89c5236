export { holdsSecretLeaf, redactConfig, type RedactionOptions } from "./redact-config";
export { leavesOf, type SecretLeaf } from "./secret-leaves";
export { secretPaths } from "./secret-paths";
