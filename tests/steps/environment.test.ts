import assert from "node:assert/strict";
import { stepCommandLine } from "../../steps/command-line";
import { readEnvironment } from "../../steps/environment";
import { UsageError } from "../../steps/failure";
import { steps } from "../../steps/step-list";
import { flagOf, optional } from "../../steps/variable";
import * as variables from "../../steps/variables";

const set = {
  node: variables.node,
  address: variables.address,
  role: variables.role,
  seeds: variables.seeds,
  workers: variables.workers,
  talosVersion: variables.talosVersion,
  oldest: optional(variables.oldestTalosVersion),
  configured: variables.configured,
  endpoint: variables.endpoint,
  deadline: variables.deadlineSeconds(600),
};
const right = {
  NODE: "controller-1",
  ADDRESS: "fd00::11",
  ROLE: "controller",
  SEEDS: "controller-1=fd00::11,controller-2=10.0.0.12",
  TALOS_VERSION: "v1.13.0",
  CONFIGURED: "false",
  ENDPOINT: "https://10.0.0.10:6443",
};

describe("environment of a step", () => {
  it("is read into typed values, with defaults for what may be left out", () => {
    const values = readEnvironment(set, right);
    assert.deepEqual(values.seeds, [
      { name: "controller-1", address: "fd00::11" },
      { name: "controller-2", address: "10.0.0.12" },
    ]);
    assert.deepEqual(values.workers, []);
    assert.equal(values.configured, false);
    assert.equal(values.oldest, undefined);
    assert.equal(values.deadline, 600);
    assert.equal(values.endpoint.host, "10.0.0.10:6443");
  });

  it("tells all problems together, each with its variable, value and way out", () => {
    const wrong = {
      ...right,
      NODE: "",
      ADDRESS: "10.0.0.300",
      ROLE: "master",
      SEEDS: "controller-1",
      TALOS_VERSION: "1.13",
      CONFIGURED: "yes",
      DEADLINE_SECONDS: "-1",
    };
    assert.throws(
      () => readEnvironment(set, wrong),
      (error: unknown) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /^The environment has 7 problems:/);
        assert.match(error.message, /- NODE: is missing\. Give it: name of the machine\./);
        assert.match(
          error.message,
          /- ADDRESS: "10\.0\.0\.300" is not an IP address\. Give it without mask/,
        );
        assert.match(error.message, /- ROLE: "master" is not a role\. Give controller or worker\./);
        assert.match(error.message, /- SEEDS: "controller-1": .*name=address/);
        assert.match(error.message, /- TALOS_VERSION: "1\.13" is not a version/);
        assert.match(error.message, /- CONFIGURED: "yes" is neither true nor false/);
        assert.match(error.message, /- DEADLINE_SECONDS: "-1"/);
        return true;
      },
    );
  });

  it("names a flag after each variable, and no two variables of a step share one", () => {
    assert.equal(flagOf(variables.deadlineSeconds(1)), "--deadline-seconds");
    for (const step of Object.values(steps)) {
      const names = Object.values(step.variables).map(({ name }) => name);
      assert.equal(new Set(names).size, names.length, step.name);
    }
  });
});

describe("command line of a step", () => {
  it("never changes and holds no path: it is an input in every stack", () => {
    assert.equal(stepCommandLine("ready"), `node -e "import('talos-cluster/step')" ready`);
    for (const name of Object.keys(steps))
      assert.equal(steps[name as keyof typeof steps].name, name);
  });
});
