import { z } from "zod";
import { diskTypes } from "./check-node-disk";
import { applyModes } from "./check-rollout";
import { networkInterfaceSchema } from "./network-schema";
import { architectures, platforms } from "./platforms";
import { choice, flag, text, texts, textsByKey, wholeNumber } from "./schema-fields";
import { schematicSchema } from "./schematic-schema";

const installDiskSelector = z
  .strictObject({
    size: text("Size, with an optional comparison.", ">= 500GB").optional(),
    name: text("Not supported by Talos any more: use another criterion.").optional(),
    model: text("Model; * stands for any characters.", "Samsung SSD 980*").optional(),
    serial: text("Serial number; * stands for any characters.").optional(),
    modalias: text("Modalias; * stands for any characters.").optional(),
    uuid: text("UUID of the disk; * stands for any characters.").optional(),
    wwid: text("World wide id; * stands for any characters.", "naa.5002538*").optional(),
    type: choice("Kind of the disk.", diskTypes).optional(),
    busPath: text("Bus path; * stands for any characters.", "/pci0000:00/*").optional(),
  })
  .meta({
    id: "InstallDiskSelector",
    description:
      "Chooses the disk Talos is installed to by what it is; instead of installDisk. All that is given must match.",
  });

const settings = {
  installDisk: text("Disk Talos is installed to.", "/dev/nvme0n1").optional(),
  installDiskSelector: installDiskSelector.optional(),
  platform: choice("Platform the machine boots on; metal when left out.", platforms).optional(),
  architecture: choice("Processor architecture; amd64 when left out.", architectures).optional(),
  networkInterfaces: z
    .array(networkInterfaceSchema)
    .meta({ description: "Network interfaces; one that is not named uses DHCP." })
    .optional(),
  nameservers: texts("Addresses of DNS servers.", "192.168.1.1").optional(),
  timeServers: texts("NTP servers, by name or address.", "time.cloudflare.com").optional(),
  searchDomains: texts("Domains that short names are looked up in.", "home.example").optional(),
  schematic: schematicSchema.optional(),
  schematicId: text(
    "Id of a schematic that the image factory knows already; instead of schematic.",
    "376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba",
  ).optional(),
  dropExtensions: texts(
    "Extensions in use on the running machine that the schematic leaves out on purpose.",
    "siderolabs/iscsi-tools",
  ).optional(),
  secureboot: flag("Whether the machine boots with Secure Boot.").optional(),
  encryptDisk: z
    .union([z.boolean(), z.enum(["tpm", "nodeID"])], { error: 'true, false, "tpm" or "nodeID"' })
    .meta({
      description:
        "LUKS2 on STATE and EPHEMERAL: true or tpm for a key in the TPM 2.0, nodeID for one made from the machine's UUID.",
    })
    .optional(),
  labels: textsByKey("Labels of the Kubernetes node.", { rack: "a1" }).optional(),
  annotations: textsByKey("Annotations of the Kubernetes node.", { contact: "ops" }).optional(),
  taints: textsByKey("Taints of the Kubernetes node, key to value:effect.", {
    dedicated: "storage:NoSchedule",
  }).optional(),
  talosVersion: text("Talos release of this machine alone, for a canary.", "v1.13.0").optional(),
  applyMode: choice(
    "How a changed config is applied: auto reboots where Talos needs it, no-reboot refuses such a change, staged keeps it for the next reboot.",
    applyModes,
  ).optional(),
};

const nodeSettings = z
  .strictObject(settings)
  .meta({ id: "NodeSettings", description: "Settings that many machines share." });

const identity = z
  .strictObject({
    uuid: text("SMBIOS UUID of the machine.", "4c4c4544-0042-3510-8052-b9c04f4a5a32").optional(),
    serial: text("Serial number of the machine.").optional(),
    mac: text("MAC address of one of its interfaces, burnt in.", "52:54:00:12:34:56").optional(),
  })
  .meta({
    id: "Identity",
    description: "Hardware the machine is known by; checked before its first config is sent.",
  });

const patch = z
  .union([z.string(), z.record(z.string(), z.unknown())], {
    error: "keys with values or a text of YAML",
  })
  .meta({ description: "A patch: one document as keys with values, or a text of one or many." });

const node = z
  .strictObject({
    name: text("Host name of the machine; it identifies the machine for ever.", "k8s-node-1"),
    address: text("Address the Talos API answers at, without a mask.", "192.168.1.10"),
    controller: flag("Whether the machine runs the control plane; false when left out.").optional(),
    ...settings,
    identity: identity.optional(),
    patches: z
      .array(patch)
      .meta({ description: "Patches of this machine alone, after those of its folder." })
      .optional(),
    renamedFrom: text("Name the machine had before.", "k8s-node-0").optional(),
    incarnation: wholeNumber(
      "Raised by one whenever the machine was reinstalled; 1 at first.",
      1,
      Number.MAX_SAFE_INTEGER,
    ).optional(),
    hold: flag(
      "Whether the machine is left as it is: changes go round it, and it counts as down.",
    ).optional(),
  })
  .meta({ id: "Node", description: "One machine." });

const defaults = z
  .strictObject({
    all: nodeSettings.optional(),
    controllers: nodeSettings.optional(),
    workers: nodeSettings.optional(),
  })
  .meta({
    description:
      "Settings of many machines: the machine's own win, then those of its role, then all.",
  });

/** Form of a nodes file. */
export const nodesFileSchema = z
  .strictObject({
    defaults: defaults.optional(),
    nodes: z.array(node).meta({ description: "Machines of the stack." }),
  })
  .meta({ title: "Machines of a Talos cluster", description: "A nodes file of talos-cluster." });

/** A nodes file whose values are of the right types. */
export type NodesFile = z.infer<typeof nodesFileSchema>;

/** JSON Schema of a nodes file, for editors. */
export function nodesJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(nodesFileSchema, { target: "draft-7", io: "input" }) };
}
