import { stringify } from "yaml";
import { compareMinors, minorOf } from "./versions";

/** Facts of one machine that every config must state: no default of the plugin may reach a machine. */
export interface NodeFacts {
  readonly name: string;
  readonly installDisk: string;
  readonly installerImage: string;
  readonly versionContract: string;
}

/** Documents that state a machine's own facts, one YAML text each, in the form its contract wants. */
export function nodeDocuments(facts: NodeFacts): string[] {
  const install = { disk: facts.installDisk, image: facts.installerImage };
  // From contract 1.12 the base brings a HostnameConfig, and machine.network.hostname beside it fails validation.
  if (compareMinors(minorOf(facts.versionContract), "1.12") >= 0) {
    const hostname = {
      apiVersion: "v1alpha1",
      kind: "HostnameConfig",
      auto: "off",
      hostname: facts.name,
    };
    return [document({ machine: { install } }), document(hostname)];
  }
  return [document({ machine: { install, network: { hostname: facts.name } } })];
}

function document(content: object): string {
  return stringify(content, { lineWidth: 0 });
}
