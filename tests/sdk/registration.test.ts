import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { specialSecretSig, specialSigKey } from "@pulumi/pulumi/runtime/rpc";
import * as talos from "@pulumiverse/talos";
import { leftOutFunctions, pathOf } from "./left-out";
import { officialClient, type OfficialClient, type OfficialResource } from "./official-client";
import { recordRequests, type Recording } from "./recording-monitor";
import { sampleOf } from "./samples";

type Bag = Record<string, unknown>;

interface ResourceClass {
  new (name: string, args?: Bag, options?: Bag): pulumi.Resource;
  get(name: string, id: string, state: Bag): pulumi.Resource;
  isInstance(value: unknown): boolean;
}

describe("sdks/talos registers what the official client registers", function () {
  this.timeout(120_000);

  let official: OfficialClient;
  let recorded: Recording;

  before(async () => {
    official = await officialClient();
    recorded = await recordRequests();
  });

  it("each resource with the official token, plugin, inputs and secrets", async () => {
    for (const [token, resource] of officialResources()) {
      const args = sampleOf(resource.inputs);
      const made = new (classOf(resource))(resource.name, args);
      assert.equal(await urnType(made), token);
      const request = recorded.registered.at(-1);
      assert.ok(request);
      assert.equal(request.getType(), token);
      assertPlugin(request.getVersion(), request.getPlugindownloadurl());
      const sent = request.getObject()?.toJavaScript() ?? {};
      assert.deepEqual(plain(sent), args, token);
      assert.deepEqual(secretNames(sent), resource.secretInputs, token);
      const secrets = request.getAdditionalsecretoutputsList();
      assert.deepEqual(secrets.sort(), resource.secretOutputs, token);
      assert.deepEqual(request.getAliasesList(), resource.aliases, token);
    }
  });

  it("each resource with every output, known or not", () => {
    for (const [token, resource] of officialResources()) {
      const made = new (classOf(resource))("outputs", sampleOf(resource.inputs)) as unknown as Bag;
      for (const output of Object.keys(resource.outputs)) {
        assert.ok(pulumi.Output.isInstance(made[output]), `${token} ${output}`);
      }
    }
  });

  it("no resource without its required inputs", () => {
    for (const [token, resource] of officialResources()) {
      for (const [name, { required }] of Object.entries(resource.inputs)) {
        const args = sampleOf(resource.inputs);
        delete args[name];
        const make = () => new (classOf(resource))("incomplete", args);
        if (required) assert.throws(make, new RegExp(`'${name}' is missing`), token);
        else assert.doesNotThrow(make, token);
      }
    }
  });

  it("nothing for an input that is absent, a secret one neither", async () => {
    for (const [token, resource] of officialResources()) {
      const required = Object.entries(resource.inputs).filter(([, input]) => input.required);
      const args = sampleOf(Object.fromEntries(required));
      await urnType(new (classOf(resource))("least", args));
      assert.deepEqual(recorded.registered.at(-1)?.getObject()?.toJavaScript(), args, token);
    }
  });

  it("lookups by id with the official token, plugin and state", async () => {
    for (const [token, resource] of officialResources()) {
      if (token.startsWith("pulumi:providers:")) continue;
      const state = sampleOf(resource.state);
      await urnType(classOf(resource).get("found", "an-id", state));
      const request = recorded.read.at(-1);
      assert.ok(request);
      assert.equal(request.getType(), token);
      assert.equal(request.getId(), "an-id");
      assertPlugin(request.getVersion(), request.getPlugindownloadurl());
      assert.deepEqual(request.getProperties()?.toJavaScript(), state, token);
      const secrets = request.getAdditionalsecretoutputsList();
      assert.deepEqual(secrets.sort(), resource.secretOutputs, token);
    }
  });

  it("instances of their own class and of no other", () => {
    const classes = officialResources().map(([, resource]) => resource);
    for (const made of classes) {
      const instance = new (classOf(made))("instance", sampleOf(made.inputs));
      for (const other of classes) {
        assert.equal(classOf(other).isInstance(instance), other === made, other.name);
      }
      assert.equal(classOf(made).isInstance(undefined), false);
    }
  });

  it("constructors by which a reference from the engine becomes a resource again", () => {
    const { version } = official.plugin;
    for (const [token, resource] of officialResources()) {
      const urn = `urn:pulumi:stack::project::${token}::again`;
      const [, module = ""] = token.split(":");
      const again = token.startsWith("pulumi:providers:")
        ? pulumi.runtime
            .getResourcePackage("talos", version)
            ?.constructProvider("again", token, urn)
        : pulumi.runtime
            .getResourceModule("talos", module, version)
            ?.construct("again", token, urn);
      assert.ok(classOf(resource).isInstance(again), token);
    }
  });

  it("each function in both forms with the official token, plugin and arguments", async () => {
    for (const [token, declared] of Object.entries(official.functions)) {
      if (leftOutFunctions.includes(token)) continue;
      const args = sampleOf(declared.inputs);
      const path = pathOf(declared);
      await find<(args: Bag) => Promise<unknown>>(path)(args);
      assertInvoked(token, args);
      await settled(find<(args: Bag) => pulumi.Output<unknown>>(`${path}Output`)(args));
      assertInvoked(token, args);
    }
  });

  it("the caller's options before its own", async () => {
    const [token, resource] = officialResources().find(([type]) => type.includes("Secrets")) ?? [];
    assert.ok(token && resource);
    await urnType(new (classOf(resource))("pinned", {}, { version: "0.7.0" }));
    assert.equal(recorded.registered.at(-1)?.getVersion(), "0.7.0");
  });

  it("imageFactory as another name of the official imagefactory", () => {
    assert.equal(talos.imageFactory, talos.imagefactory);
  });

  function officialResources(): [string, OfficialResource][] {
    return Object.entries(official.resources);
  }

  function classOf(resource: OfficialResource): ResourceClass {
    return find<ResourceClass>(pathOf(resource));
  }

  function find<T>(path: string): T {
    const names = path.split(".");
    const found = names.reduce<unknown>((parent, name) => (parent as Bag)[name], talos);
    assert.equal(typeof found, "function", path);
    return found as T;
  }

  function assertPlugin(version: string, downloadUrl: string): void {
    assert.equal(version, official.plugin.version);
    assert.equal(downloadUrl, official.downloadUrl);
  }

  function assertInvoked(token: string, args: Bag): void {
    const request = recorded.invoked.pop();
    assert.ok(request, token);
    assert.equal(request.getTok(), token);
    assertPlugin(request.getVersion(), request.getPlugindownloadurl());
    assert.deepEqual(request.getArgs()?.toJavaScript(), args, token);
  }
});

function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** The type in a resource's URN, once the mocked engine has answered. */
async function urnType(resource: pulumi.Resource): Promise<string | undefined> {
  return (await settled(resource.urn)).split("::")[2];
}

function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && (value as Bag | null)?.[specialSigKey] === specialSecretSig;
}

function secretNames(sent: Bag): string[] {
  const secrets = Object.entries(sent).filter(([, value]) => isSecret(value));
  return secrets.map(([name]) => name).sort();
}

function plain(sent: Bag): Bag {
  return Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, isSecret(value) ? value.value : value]),
  );
}
