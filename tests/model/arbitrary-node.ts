import fc from "fast-check";
import type { InstallDiskSelectorInput } from "../../model/cluster-input";
import type { NodeSpec } from "../../model/cluster-spec";
import { compareMinors, minorOf } from "../../model/versions";
import { arbitraryInterfaces, ipAddress } from "./arbitrary-network";
import { nodeSpec } from "./node-spec";

const labelWord = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,20}[A-Za-z0-9])?$/);
const domain = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?(?:\.[a-z]{2,5})?$/);
/** Words that a reader of YAML may take for something else. */
const trickyWord = fc.constantFrom(
  "on",
  "off",
  "yes",
  "no",
  "true",
  "null",
  "1e3",
  "0x1F",
  "0123",
  "1.0",
  "",
);
const labelKey = fc.oneof(
  labelWord,
  fc.tuple(domain, labelWord).map((parts) => parts.join("/")),
);
const labelValue = fc.oneof(labelWord, trickyWord);
/** What the checks refuse: Talos does not read again what it wrote (check-node-labels). */
const isLost = (text: string) =>
  /[\u0085\u2028\u2029]/.test(text) || (text.includes("\n") && /^(?:\n+ |[ \n]*\t)/.test(text));
const anyText = fc
  .oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    trickyWord,
    fc.string({ maxLength: 40 }),
    fc.stringMatching(/^[ \t\n!#a:-]{0,12}$/),
  )
  .filter((text) => !isLost(text));
const taint = fc
  .tuple(labelValue, fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute"))
  .map((parts) => parts.join(":"));

const diskPattern = fc
  .stringMatching(/^[A-Za-z0-9:._ -]{1,12}\*?$/)
  .filter((text) => text.trim() === text);

const diskSelector = fc
  .record(
    {
      size: fc
        .tuple(
          fc.constantFrom("", "== ", ">= ", "<= ", "> ", "< "),
          fc.integer({ min: 1, max: 9999 }),
          fc.constantFrom("GB", "TB", "GiB"),
        )
        .map(([comparison, size, unit]) => `${comparison}${size}${unit}`),
      model: diskPattern,
      serial: diskPattern,
      modalias: diskPattern,
      uuid: diskPattern,
      wwid: diskPattern,
      type: fc.constantFrom("ssd", "hdd", "nvme", "sd"),
      busPath: diskPattern,
    },
    { requiredKeys: [] },
  )
  .filter((selector) => Object.keys(selector).length > 0);

const disk: fc.Arbitrary<
  | { installDisk: string }
  | { installDiskSelector: InstallDiskSelectorInput; installDisk: undefined }
> = fc.oneof(
  fc
    .constantFrom("/dev/sda", "/dev/nvme0n1", "/dev/disk/by-id/wwn-0x5000c500a1b2c3d4")
    .map((installDisk) => ({ installDisk })),
  diskSelector.map((installDiskSelector) => ({ installDiskSelector, installDisk: undefined })),
);

const texts = (key: fc.Arbitrary<string>, value: fc.Arbitrary<string>) =>
  fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });

/** Any machine that the checks let through, for the configs of a contract such as `v1.12`. */
export function arbitraryNode(versionContract: string): fc.Arbitrary<NodeSpec> {
  const isFrom = (minor: string) => compareMinors(minorOf(versionContract), minor) >= 0;
  return fc.constantFrom("controller" as const, "worker" as const).chain((role) => {
    const forms = {
      documents: isFrom("1.12"),
      permanentAddress: isFrom("1.9"),
      vips: role === "controller",
    };
    return fc
      .record({
        name: fc.stringMatching(/^[a-z](?:[a-z0-9-]{0,20}[a-z0-9])?$/),
        disk,
        networkInterfaces: arbitraryInterfaces(forms),
        nameservers: fc.uniqueArray(ipAddress, { maxLength: 3 }),
        timeServers: fc.uniqueArray(fc.oneof(domain, ipAddress), { maxLength: 3 }),
        searchDomains: fc.uniqueArray(domain, { maxLength: 2 }),
        diskKey: fc.constantFrom(undefined, "tpm" as const, "nodeID" as const),
        labels: texts(labelKey, labelValue),
        annotations: texts(labelKey, anyText),
        taints: texts(labelKey, taint),
      })
      .map(({ disk: chosen, ...facts }) => nodeSpec({ role, ...facts, ...chosen }));
  });
}
