import assert from "node:assert/strict";
import { parseStackConfig } from "../../model/stack-config";
import { problemLine } from "../../model/problem";

describe("parseStackConfig", () => {
  it("reads values by type and takes empty ones as not given", () => {
    const { config, problems } = parseStackConfig({
      clusterName: "c",
      protectSecrets: "false",
      readyTimeoutSeconds: "90",
      nodesFile: "",
    });
    assert.deepEqual(
      [config, problems],
      [{ clusterName: "c", protectSecrets: false, readyTimeoutSeconds: 90 }, []],
    );
  });

  it("reports unknown keys and values of the wrong type", () => {
    const lines = parseStackConfig({
      talosVerison: "v1.12.0",
      protectSecrets: "no",
      gateTimeoutSeconds: "1m",
    }).problems.map(problemLine);
    assert.equal(lines.length, 3);
    assert.match(
      lines[0] ?? "",
      /^config talosVerison: unknown key\. Did you mean "talosVersion"\? Known keys are clusterName, /,
    );
    assert.deepEqual(lines.slice(1), [
      'config protectSecrets: "no" is neither true nor false. Give one of them.',
      'config gateTimeoutSeconds: "1m" is not a number of seconds. Give a whole number from 1 to 999999.',
    ]);
  });

  it("reads keys below a key, and says which there are", () => {
    const { config, problems } = parseStackConfig({
      imageFactory: '{"url":"https://factory.example.com","register":false}',
      preview: '{"live":"false"}',
    });
    assert.deepEqual(
      [config, problems],
      [
        {
          imageFactory: { url: "https://factory.example.com", register: false },
          preview: { live: false },
        },
        [],
      ],
    );
    const lines = parseStackConfig({
      imageFactory: "factory.talos.dev",
      preview: '{"Live":true,"live":"maybe"}',
    }).problems.map(problemLine);
    assert.deepEqual(lines, [
      "config imageFactory: is a single value, and has keys below it: url and register. Take it out and set them: pulumi config set --path imageFactory.url <value>, or pulumi config set --path imageFactory.register <value>.",
      'config preview.Live: unknown key. Did you mean "live"? Known keys are live.',
      'config preview.live: "maybe" is neither true nor false. Give one of them.',
    ]);
  });

  it("reads counts and times of a roll-out, 0 only where it means something", () => {
    const { config, problems } = parseStackConfig({
      rollout:
        '{"maxUnavailable":10,"stableSeconds":0,"drainTimeoutSeconds":"60","gate":"./may-i"}',
      snapshots: '{"enabled":false}',
      bootstrap: '{"recoverFrom":"snapshots/a.snapshot"}',
      teardown: "true",
    });
    assert.deepEqual(
      [config, problems],
      [
        {
          rollout: {
            maxUnavailable: 10,
            stableSeconds: 0,
            drainTimeoutSeconds: 60,
            gate: "./may-i",
          },
          snapshots: { enabled: false },
          bootstrap: { recoverFrom: "snapshots/a.snapshot" },
          teardown: true,
        },
        [],
      ],
    );
    const lines = parseStackConfig({
      rollout:
        '{"maxUnavailable":0,"stableSeconds":"-1","drainTimeoutSeconds":0,"maxUnavailble":1}',
      teardown: "yes",
    }).problems.map(problemLine);
    assert.deepEqual(lines, [
      'config rollout.maxUnavailable: "0" is not a count. Give a whole number from 1 to 999999.',
      'config rollout.stableSeconds: "-1" is not a number of seconds. Give a whole number from 0 to 999999.',
      'config rollout.drainTimeoutSeconds: "0" is not a number of seconds. Give a whole number from 1 to 999999.',
      'config rollout.maxUnavailble: unknown key. Did you mean "maxUnavailable"? Known keys are maxUnavailable, stableSeconds, drainTimeoutSeconds and gate.',
      'config teardown: "yes" is neither true nor false. Give one of them.',
    ]);
  });

  it("reads patch variables as texts and shows no value of them", () => {
    const { config, problems } = parseStackConfig({
      patchVariables: '{"token":"s3cret","count":3,"on":true}',
    });
    assert.deepEqual(
      [config, problems],
      [{ patchVariables: { token: "s3cret", count: "3", on: "true" } }, []],
    );
    const lines = parseStackConfig({
      patchVariables: '{"my-token":"s3cret","deep":{"a":"s3cret"}}',
    }).problems.map(problemLine);
    assert.deepEqual(lines, [
      'config patchVariables.my-token: "my-token" cannot stand in ${…}. Use letters, digits and underscores, with a letter first.',
      "config patchVariables.deep: holds a structure. A variable stands for one text: write structures into the patch itself.",
    ]);
    assert.deepEqual(parseStackConfig({ patchVariables: "s3cret" }).problems.map(problemLine), [
      "config patchVariables: is not a set of names, each with a text. Write it with pulumi config set --path patchVariables.<name> <value>.",
    ]);
  });

  it("takes no inherited key for a known one", () =>
    assert.equal(parseStackConfig({ toString: "x" }).problems.length, 1));
});
