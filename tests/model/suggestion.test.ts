import assert from "node:assert/strict";
import { didYouMean } from "../../model/suggestion";

describe("didYouMean", () => {
  it("suggests a near word only", () => {
    assert.equal(didYouMean("Adress", ["address", "name"]), ' Did you mean "address"?');
    assert.equal(didYouMean("zzzzzz", ["address", "name"]), "");
    assert.equal(didYouMean("x", []), "");
  });
});
