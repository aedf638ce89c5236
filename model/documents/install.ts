import type { NodeSpec } from "../cluster-spec";
import type { Content } from "./document";

/** Disk and image to install: the disk by its path, or by a selector, which then takes the place of the base's path. */
export function installDocument(node: NodeSpec, installDisk: string | undefined): Content {
  const image = node.images.installer;
  const selector = node.installDiskSelector;
  if (selector === undefined) return { machine: { install: { disk: installDisk, image } } };
  const { size, name, model, serial, modalias, uuid, wwid, type, busPath } = selector;
  const diskSelector = { size, name, model, serial, modalias, uuid, wwid, type, busPath };
  // The base always names a disk. It would stand beside the selector, and a later reader would take it for the one in use.
  return { machine: { install: { disk: { $patch: "delete" }, diskSelector, image } } };
}
