import type { BadInput } from "./bad-input";
import { bonds } from "./bad-inputs-bonds";
import { defaults } from "./bad-inputs-defaults";
import { disks } from "./bad-inputs-disks";
import { file } from "./bad-inputs-file";
import { foreignKeys } from "./bad-inputs-foreign-keys";
import { labels } from "./bad-inputs-labels";
import { links } from "./bad-inputs-links";
import { linksTogether } from "./bad-inputs-links-together";
import { machine } from "./bad-inputs-machine";
import { ownFacts } from "./bad-inputs-own-facts";
import { routes } from "./bad-inputs-routes";
import { settings } from "./bad-inputs-settings";
import { together } from "./bad-inputs-together";

/** Inputs that must be refused, each with the exact words. */
export const badInputs: readonly BadInput[] = [
  ...file,
  ...foreignKeys,
  ...defaults,
  ...machine,
  ...disks,
  ...settings,
  ...labels,
  ...ownFacts,
  ...links,
  ...routes,
  ...bonds,
  ...linksTogether,
  ...together,
];
