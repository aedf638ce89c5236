import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { canonicalSchematic, schematicIdOf } from "../../model/schematic";
import { ImageFactoryStandIn } from "./image-factory-stand-in";
import { Rehearsal } from "./rehearsal";

const schematic = {
  customization: {
    extraKernelArgs: ["console=ttyS1,115200", "net.ifnames=0"],
    systemExtensions: {
      officialExtensions: ["siderolabs/util-linux-tools", "siderolabs/iscsi-tools"],
    },
  },
};
const schematicId = schematicIdOf(canonicalSchematic(schematic));

describe("an image factory of one's own", function () {
  this.timeout(240_000);
  let rehearsal: Rehearsal;
  let factory: ImageFactoryStandIn;
  let outdated: ImageFactoryStandIn;
  before(async () => {
    [factory, outdated] = await Promise.all([
      ImageFactoryStandIn.start(),
      ImageFactoryStandIn.start(),
    ]);
    outdated.wrongId = "f".repeat(64);
    rehearsal = await Rehearsal.start({
      network: "127.0.169.0/24",
      controllers: 1,
      workers: 0,
      talosVersion: "v1.13.0",
      kubernetesVersion: "v1.35.3",
    });
    giveSchematic(rehearsal);
  });
  after(async () => {
    await Promise.all([rehearsal?.end(), factory?.stop(), outdated?.stop()]);
  });

  it("is asked for nothing in a preview", async () => {
    setFactory(rehearsal, { url: factory.url });
    await rehearsal.preview();
    assert.deepEqual(factory.registered, []);
  });

  it("is refused when it answers another schematic, before a machine gets a config", async () => {
    setFactory(rehearsal, { url: outdated.url });
    const output = await rehearsal.failingUp();
    assert.match(
      output,
      new RegExp(`imageFactory: it answered schematic f{64} where ${schematicId} was computed\\.`),
    );
    assert.deepEqual((await rehearsal.lab.report()).machines[0]?.applies ?? [], []);
  });

  it("registers nothing when told so, and the config names the factory's installer", async () => {
    setFactory(rehearsal, { url: outdated.url, register: false });
    outdated.registered.length = 0;
    await rehearsal.up();
    assert.deepEqual(outdated.registered, []);
    const machines = JSON.parse(await rehearsal.stackOutput("machines", "--json")) as Record<
      string,
      { installerImage: string; schematicId: string }
    >;
    const host = outdated.url.replace("http://", "");
    assert.equal(
      machines["controller-1"]?.installerImage,
      `${host}/metal-installer/${schematicId}:v1.13.0`,
    );
  });

  it("gets the schematic when the URL moves to it, once", async () => {
    setFactory(rehearsal, { url: factory.url });
    await rehearsal.preview();
    assert.deepEqual(factory.registered, []);
    await rehearsal.up();
    assert.deepEqual(factory.registered, [schematicId]);
    await rehearsal.up("--expect-no-changes");
    assert.deepEqual(factory.registered, [schematicId]);
  });
});

/** Gives the only machine a schematic, in the nodes file as a person would. */
function giveSchematic({ project }: Rehearsal): void {
  const file = parse(readFileSync(join(project.directory, "nodes/lab.yaml"), "utf8")) as {
    nodes: object[];
  };
  const nodes = file.nodes.map((node) => ({ ...node, schematic }));
  project.write("nodes/lab.yaml", stringify({ ...file, nodes }));
}

function setFactory(
  { project }: Rehearsal,
  imageFactory: { url: string; register?: boolean },
): void {
  const path = "Pulumi.lab.yaml";
  const stack = parse(readFileSync(join(project.directory, path), "utf8")) as {
    config: Record<string, unknown>;
  };
  stack.config["talos-cluster:imageFactory"] = imageFactory;
  project.write(path, stringify(stack));
}
