/** Values that a person gave as secrets, or that are secrets by where they stand. */
export const planted = {
  firstToken: "planted-first-token-4711",
  secondToken: "planted-second-token-4711",
  password: "planted-registry-password-4711",
  drifted: "planted-drifted-password-4711",
  environment: "planted-environment-value-4711",
};

/** A label and a kernel parameter: a machine takes both without a reboot. */
export const settingsPatch = (zone: string, count: string): string =>
  `machine:\n  nodeLabels:\n    zone: ${zone}\n  sysctls:\n    vm.max_map_count: "${count}"\n`;
/** One secret by a variable, one that stands in the patch itself. */
export const registriesPatch = `machine:
  registries:
    config:
      first.example: {auth: {username: reader, password: "\${registryToken}"}}
      second.example: {auth: {username: reader, password: ${planted.password}}}
`;

/** What somebody changes on a machine without this project. */
export const byHandPatch = JSON.stringify({
  machine: {
    sysctls: { "vm.max_map_count": "111111" },
    registries: { config: { "second.example": { auth: { password: planted.drifted } } } },
  },
});
