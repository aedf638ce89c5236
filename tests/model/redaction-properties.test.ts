import assert from "node:assert/strict";
import fc from "fast-check";
import { redactConfig } from "../../model/redaction";
import { key, main } from "./redaction-samples";

describe("redactConfig on any config", () => {
  const value = fc
    .string({ unit: fc.constantFrom(..."abcXYZ0189+/=_-"), minLength: 12, maxLength: 40 })
    .map((text) => `s3cr${text}`);
  const content = fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.jsonValue({ maxDepth: 4 }),
  );

  it("lets no known value survive, in any form it was put in", () => {
    const disguise = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => `before${text}after`,
      (text) => `|\n    ${text}\n`,
      (text) => JSON.stringify({ text }),
      (text) => `a=${encodeURIComponent(text)}`,
      (text) => Buffer.from(`xy${text}z`).toString("base64"),
      (text) => Buffer.from(`x${text}zz`).toString("base64"),
    );
    fc.assert(
      fc.property(content, fc.string(), value, disguise, (rest, name, secret, disguised) => {
        const documents = main({
          machine: { ...rest, list: [{ [name]: disguised(secret) }], [`k${secret}`]: 1 },
        });
        const text = JSON.stringify(redactConfig(documents, { key, secretValues: [secret] }));
        assert.ok(!text.includes(secret));
        assert.ok(!text.includes(disguised(secret).slice(0, -1)));
      }),
    );
  });

  it("is stable, idempotent, and changes no input", () => {
    const leaves = fc.array(
      fc.record({
        document: fc.constant("v1alpha1"),
        path: fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.nat(2)), {
          minLength: 1,
          maxLength: 3,
        }),
        value: fc.option(fc.string(), { nil: undefined }),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(
        content,
        leaves,
        fc.array(value, { maxLength: 2 }),
        (rest, secretLeaves, secretValues) => {
          const options = { key, secretLeaves, secretValues };
          const before = JSON.stringify(rest);
          const once = redactConfig(main(rest), options);
          assert.equal(JSON.stringify(rest), before);
          assert.deepEqual(redactConfig(main(rest), options), once);
          assert.deepEqual(redactConfig(Object.entries(once), options), once);
        },
      ),
    );
  });

  it("leaves alone what neither stands at a secret place nor looks like a secret", () => {
    const word = fc.string({ unit: fc.constantFrom(..."abcdefgh0123./: "), maxLength: 30 });
    const harmless = fc.dictionary(
      fc.string({ unit: fc.constantFrom(..."abcdefgh"), minLength: 1, maxLength: 6 }),
      fc.oneof(
        word,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(word),
        fc.dictionary(
          word.map((text) => `x${text}x`),
          word,
          { noNullPrototype: true },
        ),
      ),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(harmless, harmless, (sysctls, network) => {
        const document = { machine: { sysctls }, cluster: { network } };
        assert.deepEqual(redactConfig(main(document), { key }), { v1alpha1: document });
      }),
    );
  });
});
