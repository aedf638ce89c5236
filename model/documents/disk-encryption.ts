import type { DiskKey } from "../cluster-spec";
import { kindDocument, type Content } from "./document";

/** Encryption of the two volumes of Talos itself, as documents or as fields of the machine section. */
export function encryptionDocuments(diskKey: DiskKey, volumeDocuments: boolean): Content[] {
  if (!volumeDocuments) {
    const systemDiskEncryption = { state: luks2(diskKey), ephemeral: luks2(diskKey) };
    return [{ machine: { systemDiskEncryption } }];
  }
  return ["STATE", "EPHEMERAL"].map((name) =>
    kindDocument("VolumeConfig", { name, encryption: luks2(diskKey) }),
  );
}

function luks2(diskKey: DiskKey): Content {
  return { provider: "luks2", keys: [{ slot: 0, [diskKey]: {} }] };
}
