import assert from "node:assert/strict";
import { imageFactoryOf, imageFactoryProblem } from "../../model/image-factory";
import { machineImages, type ImageChoice } from "../../model/images";
import { mediaOf } from "../../model/platform-media";
import { platforms } from "../../model/platforms";

const publicUrl = "https://factory.talos.dev";
const usual: ImageChoice = {
  imageFactoryUrl: publicUrl,
  schematicId: "abc",
  talosVersion: "v1.13.0",
  platform: "metal",
  architecture: "amd64",
  secureboot: false,
};

describe("machineImages", () => {
  it("names installer, ISO, disk image and iPXE script", () => {
    assert.deepEqual(machineImages(usual), {
      installer: "factory.talos.dev/metal-installer/abc:v1.13.0",
      iso: "https://factory.talos.dev/image/abc/v1.13.0/metal-amd64.iso",
      disk: "https://factory.talos.dev/image/abc/v1.13.0/metal-amd64.raw.zst",
      pxe: "https://pxe.factory.talos.dev/pxe/abc/v1.13.0/metal-amd64",
    });
  });

  it("takes the secure boot variant of each", () => {
    assert.deepEqual(machineImages({ ...usual, secureboot: true, architecture: "arm64" }), {
      installer: "factory.talos.dev/metal-installer-secureboot/abc:v1.13.0",
      iso: "https://factory.talos.dev/image/abc/v1.13.0/metal-arm64-secureboot.iso",
      disk: "https://factory.talos.dev/image/abc/v1.13.0/metal-arm64-secureboot.raw.zst",
      pxe: "https://pxe.factory.talos.dev/pxe/abc/v1.13.0/metal-arm64-secureboot",
    });
  });

  it("takes everything from a factory of one's own, iPXE scripts too", () => {
    const imageFactoryUrl = "http://10.0.0.9:8080/talos/";
    assert.deepEqual(machineImages({ ...usual, imageFactoryUrl }), {
      installer: "10.0.0.9:8080/talos/metal-installer/abc:v1.13.0",
      iso: "http://10.0.0.9:8080/talos/image/abc/v1.13.0/metal-amd64.iso",
      disk: "http://10.0.0.9:8080/talos/image/abc/v1.13.0/metal-amd64.raw.zst",
      pxe: "http://10.0.0.9:8080/talos/pxe/abc/v1.13.0/metal-amd64",
    });
  });

  const installers: [version: string, platform: string, secureboot: boolean, reference: string][] =
    [
      ["v1.8.4", "metal", false, "installer/abc:v1.8.4"],
      ["v1.9.6", "metal", true, "installer-secureboot/abc:v1.9.6"],
      ["v1.9.6", "nocloud", false, "installer/abc:v1.9.6"],
      ["v1.10.0-alpha.1", "metal", false, "metal-installer/abc:v1.10.0-alpha.1"],
      ["v1.10.0", "metal", true, "metal-installer-secureboot/abc:v1.10.0"],
      ["v1.12.2", "nocloud", true, "nocloud-installer-secureboot/abc:v1.12.2"],
      ["v1.14.0-rc.1", "metal", false, "metal-installer/abc:v1.14.0-rc.1"],
      ["v2.0.0", "aws", false, "aws-installer/abc:v2.0.0"],
    ];
  for (const [talosVersion, platform, secureboot, reference] of installers) {
    it(`installs Talos ${talosVersion} on ${platform}${secureboot ? " with secure boot" : ""} from ${reference}`, () => {
      assert.equal(
        machineImages({ ...usual, talosVersion, platform, secureboot }).installer,
        `factory.talos.dev/${reference}`,
      );
    });
  }

  // File names as siderolabs/talos v1.13.0, pkg/machinery/platforms, makes them.
  const media: Record<string, [iso?: string, disk?: string, pxe?: string]> = {
    metal: ["metal-amd64.iso", "metal-amd64.raw.zst", "metal-amd64"],
    akamai: [undefined, "akamai-amd64.raw.gz"],
    aws: [undefined, "aws-amd64.raw.xz"],
    azure: [undefined, "azure-amd64.vhd.xz"],
    cloudstack: [undefined, "cloudstack-amd64.raw.gz"],
    "digital-ocean": [undefined, "digital-ocean-amd64.raw.gz"],
    equinixMetal: [undefined, undefined, "equinixMetal-amd64"],
    exoscale: [undefined, "exoscale-amd64.qcow2"],
    gcp: [undefined, "gcp-amd64.raw.tar.gz"],
    hcloud: [undefined, "hcloud-amd64.raw.xz"],
    nocloud: ["nocloud-amd64.iso", "nocloud-amd64.raw.xz", "nocloud-amd64"],
    opennebula: ["opennebula-amd64.iso", "opennebula-amd64.raw.zst"],
    openstack: ["openstack-amd64.iso", "openstack-amd64.raw.xz", "openstack-amd64"],
    oracle: [undefined, "oracle-amd64.qcow2"],
    scaleway: ["scaleway-amd64.iso", "scaleway-amd64.raw.zst"],
    upcloud: [undefined, "upcloud-amd64.raw.xz"],
    vmware: ["vmware-amd64.iso", "vmware-amd64.ova"],
    vultr: ["vultr-amd64.iso", undefined, "vultr-amd64"],
  };
  for (const platform of platforms) {
    it(`knows what ${platform} boots from`, () => {
      const { iso, disk, pxe } = machineImages({ ...usual, platform });
      const [wantedIso, wantedDisk, wantedPxe] = media[platform] ?? [];
      assert.deepEqual(
        [fileOf(iso), fileOf(disk), fileOf(pxe)],
        [wantedIso, wantedDisk, wantedPxe],
      );
    });
  }

  it("never throws: a cluster's faults are all said at once, whatever else is wrong", () => {
    const odd = { ...usual, imageFactoryUrl: "?", talosVersion: "", platform: "toString" };
    assert.deepEqual(machineImages(odd), { installer: "?/toString-installer/abc:" });
    assert.equal(mediaOf("toString"), undefined);
  });
});

function fileOf(url: string | undefined): string | undefined {
  return url?.split("/").at(-1);
}

describe("imageFactoryOf", () => {
  it("is the public factory when nothing is said", () => {
    assert.deepEqual(imageFactoryOf(), {
      url: publicUrl,
      registry: "factory.talos.dev",
      pxeUrl: "https://pxe.factory.talos.dev",
      isPublic: true,
    });
    assert.deepEqual(imageFactoryOf(`${publicUrl}/`), imageFactoryOf());
  });
});

describe("imageFactoryProblem", () => {
  const good = [
    publicUrl,
    `${publicUrl}/`,
    "http://127.0.0.1:8080",
    "https://registry.example.com/talos/factory",
  ];
  for (const url of good) {
    it(`takes ${url}`, () => assert.equal(imageFactoryProblem(url), undefined));
  }

  const example = "Give the URL of an image factory, for example https://factory.talos.dev.";
  const oldRegistry = (text: string): string =>
    `"${text}" is the old installer registry: it serves no schematics, and no installer at all from Talos 1.14. ${example}`;
  const bad: [url: string, text: string][] = [
    ["", `is empty. ${example}`],
    ["factory.talos.dev", '"factory.talos.dev" lacks its scheme. Write https://factory.talos.dev.'],
    [
      "factory.local:8080/x",
      '"factory.local:8080/x" lacks its scheme. Write https://factory.local:8080/x.',
    ],
    ["my factory", `"my factory" is not a URL. ${example}`],
    ["https://", `"https://" is not a URL. ${example}`],
    ["https://a:port", `"https://a:port" is not a URL. ${example}`],
    ["ftp://factory.local", `"ftp://factory.local" is neither http nor https. ${example}`],
    ["oci://factory.local", `"oci://factory.local" is neither http nor https. ${example}`],
    ["ghcr.io/siderolabs", oldRegistry("ghcr.io/siderolabs")],
    ["https://ghcr.io/siderolabs/installer", oldRegistry("ghcr.io/siderolabs/installer")],
    [
      "https://factory.local/Talos",
      '"https://factory.local/Talos" has a path that no image reference can hold. Use a path of lower-case letters, digits, dots, hyphens and slashes.',
    ],
    [
      "https://me:hunter2@factory.local",
      "holds a user name or password, and everything in it becomes part of machine configs. Give only https://factory.local.",
    ],
    [
      "https://factory.local/x?token=hunter2",
      "holds more than host, port and path, and everything in it becomes part of machine configs. Give only https://factory.local/x.",
    ],
    [
      "https://factory.local#hunter2",
      "holds more than host, port and path, and everything in it becomes part of machine configs. Give only https://factory.local.",
    ],
  ];
  for (const [url, text] of bad) {
    it(`refuses "${url}"`, () => assert.equal(imageFactoryProblem(url), text));
  }

  it("never shows a password, whatever else is wrong", () => {
    for (const url of [
      "ftp://me:hunter2@x",
      "me:hunter2@x",
      "https://me:hunter2@x:port",
      "me:hunter2@ghcr.io/x",
      "x y?hunter2",
    ]) {
      const text = imageFactoryProblem(url);
      assert.ok(text !== undefined, url);
      assert.doesNotMatch(text, /hunter2/);
    }
  });
});
