import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { makeNamedModel, modelNames } from "./named-models.js";

/** All but the one that takes 80 MB. */
const smallModelNames = modelNames.filter((name) => name !== "big-mlp");

describe("makeNamedModel", () => {
  it.each(smallModelNames)("makes %s, which loads", async (name) => {
    const session = await ort.InferenceSession.create(makeNamedModel(name));
    expect(session.inputNames.length).toBeGreaterThan(0);
  });

  it.each(smallModelNames)("makes %s of the same bytes each time", (name) => {
    expect(Buffer.from(makeNamedModel(name)).equals(makeNamedModel(name))).toBe(true);
  });

  it("names the models it has when asked for another", () => {
    expect(() => makeNamedModel("nothing")).toThrow(/There is no model nothing.*add-sub/);
  });
});
