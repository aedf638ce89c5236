import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { kubeconfigRenewal } from "../../components/certificates";
import { valueOf } from "./mocks";

const config = (lifetime?: string): string =>
  `version: v1alpha1\nmachine: {}\ncluster:\n  clusterName: c\n${lifetime === undefined ? "" : `  adminKubeconfig:\n    certLifetime: ${lifetime}\n`}`;

describe("kubeconfigRenewal", () => {
  const cases: [string, string][] = [
    [config(), "2160h"],
    [config("8760h"), "2160h"],
    [config("24h0m0s"), "8h"],
    [config("8h"), "160m"],
  ];
  for (const [text, expected] of cases)
    it(`is ${expected} for ${/certLifetime.*/.exec(text)?.[0] ?? "the usual lifetime"}`, async () =>
      assert.equal(await valueOf(kubeconfigRenewal(pulumi.output(text))), expected));
});
