import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { TalosCluster, type TalosClusterArgs } from "../../components";
import { canonicalSchematic, schematicIdOf } from "../../model/schematic";
import { startMocks, valueOf } from "./mocks";
import { args, environmentOf, named, node, register, registerCluster, sysctl } from "./register";

/** The usual cluster, with more said about its worker. */
const withWorker = (change: Partial<TalosClusterArgs["nodes"][number]>): TalosClusterArgs => ({
  ...args,
  nodes: [
    ...args.nodes.filter(({ name }) => name !== "w-1"),
    { ...node("w-1", "10.0.0.4"), ...change },
  ],
});

const iscsi = {
  customization: { systemExtensions: { officialExtensions: ["siderolabs/iscsi-tools"] } },
};

const patchesOf = async (given: TalosClusterArgs): Promise<string[]> =>
  named(await register(given), "c-w-1-config").inputs.configPatches as string[];

describe("what a machine's resources say", () => {
  it("names what is peculiar to single machines to preflight, and nothing when nothing is", async () => {
    const plain = environmentOf(named(await register(args), "c-preflight"));
    const peculiar = environmentOf(
      named(
        await register({
          // The mocked factory answers no id of ours.
          imageFactory: { register: false },
          ...withWorker({
            talosVersion: "v1.12.1",
            identity: { mac: "52:54:00:12:34:56", serial: "A,1" },
            incarnation: 3,
            renamedFrom: "old",
            secureboot: true,
            schematic: iscsi,
            dropExtensions: ["siderolabs/util-linux-tools"],
          }),
        }),
        "c-preflight",
      ),
    );
    const added = Object.fromEntries(Object.entries(peculiar).filter(([key]) => !(key in plain)));
    assert.deepEqual(added, {
      CANARIES: "w-1=v1.12.1",
      IDENTITIES: "w-1=serial:A%2C1+mac:52:54:00:12:34:56",
      INCARNATIONS: "w-1=3",
      RENAMES: "w-1=old",
      SECUREBOOT: "w-1",
      EXTENSIONS: "w-1=siderolabs/iscsi-tools",
      DROP_EXTENSIONS: "w-1=siderolabs/util-linux-tools",
      SCHEMATICS: `w-1=${schematicIdOf(canonicalSchematic(iscsi))}`,
    });
  });

  it("says that the extensions of a bare schematic id are unknown", async () => {
    const all = await register(withWorker({ schematicId: "a".repeat(64) }));
    assert.equal(environmentOf(named(all, "c-preflight")).EXTENSIONS, "w-1=unknown");
  });

  it("gives a canary its own version, in its steps and its image", async () => {
    const all = await register(withWorker({ talosVersion: "v1.12.1" }));
    const canary = environmentOf(named(all, "c-w-1-ready"));
    assert.equal(canary.TALOS_VERSION, "v1.12.1");
    assert.match(canary.INSTALLER_IMAGE ?? "", /:v1\.12\.1$/);
    assert.equal(environmentOf(named(all, "c-cp-1-ready")).TALOS_VERSION, "v1.12.0");
  });

  it("makes the config of another incarnation another resource, and checks the machine again", async () => {
    const all = await register(withWorker({ incarnation: 2 }));
    assert.ok(named(all, "c-w-1-config-2"));
    assert.equal(all.filter(({ name }) => name === "c-w-1-config").length, 0);
    assert.equal(environmentOf(named(all, "c-w-1-ready")).INCARNATION, "2");
    const before = await register(args);
    const digest = (resources: typeof all) =>
      environmentOf(named(resources, "c-health")).CONFIG_DIGEST;
    assert.notEqual(digest(all), digest(before));
  });

  it("bootstraps again only when the first controller is another incarnation", async () => {
    const [first, ...others] = [...args.nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
    const again = { ...args, nodes: [{ ...first!, incarnation: 2 }, ...others] };
    assert.equal(environmentOf(named(await register(again), "c-bootstrap")).INCARNATION, "2");
    assert.equal(environmentOf(named(await register(args), "c-bootstrap")).INCARNATION, undefined);
  });

  it("applies defaults, then those of the role, then the machine's own", async () => {
    const given = {
      ...withWorker({ labels: { c: "3" } }),
      defaults: {
        all: { labels: { a: "1", b: "1" } },
        workers: { labels: { b: "2" } },
        controllers: { labels: { z: "0" } },
      },
    };
    assert.match(
      (await patchesOf(given))[0] ?? "",
      /nodeLabels:\n {4}a: "1"\n {4}b: "2"\n {4}c: "3"\n$/,
    );
  });

  it("puts a machine's own patches last", async () => {
    const given = {
      ...withWorker({ patches: [sysctl("own")] }),
      patches: { global: [sysctl("global")], nodes: { "w-1": [sysctl("folder")] } },
    };
    assert.deepEqual((await patchesOf(given)).slice(-3), ["global", "folder", "own"].map(sysctl));
  });
});

describe("secrets in patches", () => {
  const token = (value: string): string =>
    `machine:\n  registries:\n    config:\n      r.example.com:\n        auth:\n          password: ${value}\n`;

  /** Documents of the worker's base config: the mocks pass the function's inputs on as its result. */
  it("hide nothing but themselves: they become a part of the base, which is secret anyway", async () => {
    const patches = { global: [sysctl("a"), token("${pass}"), sysctl("b")] };
    const given = { ...args, patches, patchVariables: { pass: pulumi.secret("s3cret-pass") } };
    const config = named(await register(given), "c-w-1-config").inputs;
    const documents = config.configPatches as string[];
    assert.deepEqual(documents.slice(-2), [sysctl("a"), sysctl("b")]);
    assert.ok(!JSON.stringify(documents).includes("s3cret-pass"));
  });

  it("are taken for secrets in places that Talos takes for one, whoever wrote them", async () => {
    const documents = await patchesOf({
      ...args,
      patches: { global: [token("plain-but-secret")] },
    });
    assert.ok(!JSON.stringify(documents).includes("plain-but-secret"));
  });

  it("stay in their place where another patch says something there", async () => {
    const patches = { global: [sysctl("a").replace('"1"', "${value}")], worker: [sysctl("a")] };
    const given = { ...args, patches, patchVariables: { value: pulumi.secret("s3cret-1") } };
    // The later patch wins, so the secret one may go first.
    assert.deepEqual((await patchesOf(given)).slice(-1), [sysctl("a")]);
    const reversed = { ...given, patches: { global: [sysctl("a")], worker: patches.global } };
    const all = named(await register(reversed), "c-w-1-config").inputs.configPatches;
    // The mocks hand out the value of a secret: the whole list is one.
    assert.match(JSON.stringify(all), /s3cret-1/);
  });

  it("fill plain variables in place", async () => {
    const patches = { global: [sysctl("a").replace('"1"', "${count}")] };
    const documents = await patchesOf({ ...args, patches, patchVariables: { count: "3" } });
    assert.equal(documents.at(-1), "machine:\n  sysctls:\n    a: 3\n");
  });

  it("are refused with the name that is missing, before anything is registered", () => {
    startMocks();
    assert.throws(
      () =>
        new TalosCluster("c", {
          ...args,
          patches: { global: [sysctl("a").replace('"1"', "${nam}")] },
          patchVariables: { name: "x" },
        }),
      /patches\.global\[0\]: \$\{nam\} stands for nothing\. Did you mean "name"\?/,
    );
  });
});

describe("the output machines", () => {
  it("holds the config of each, unless it should not", async () => {
    const shown = await valueOf((await registerCluster(args)).machines);
    assert.equal(typeof shown["w-1"]?.config, "string");
    const hidden = await valueOf(
      (await registerCluster({ ...args, exposeConfigs: false })).machines,
    );
    assert.equal(hidden["w-1"]?.config, undefined);
    assert.equal(hidden["w-1"]?.talosVersion, "v1.12.0");
  });

  it("says where to get what each machine boots from", async () => {
    const images = await valueOf(
      (await registerCluster(withWorker({ secureboot: true }))).bootImages,
    );
    assert.match(
      images["w-1"]?.iso ?? "",
      /^https:\/\/factory\.talos\.dev\/image\/[0-9a-f]{64}\/v1\.12\.0\/metal-amd64-secureboot\.iso$/,
    );
    assert.match(
      images["cp-1"]?.pxe ?? "",
      /^https:\/\/pxe\.factory\.talos\.dev\/pxe\/[0-9a-f]{64}\/v1\.12\.0\/metal-amd64$/,
    );
  });
});
