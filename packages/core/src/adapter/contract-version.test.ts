import { expect, test } from "vitest";
import { checkContract, contractTrouble, spokenVersions } from "./contract-version.js";

test.each(["v2", "v3"])("an adapter of %s is run by a core that speaks v2 to v3", (declared) => {
  expect(contractTrouble(declared, "bentoml-text", { oldest: 2, newest: 3 })).toBeUndefined();
});

test.each([
  ["v4", '"v4"', "Update bentoml-core: npm i bentoml-core@latest."],
  ["v1", '"v1"', "Update bentoml-text: npm i bentoml-text@latest."],
  ["v0", '"v0"', "Update bentoml-text: npm i bentoml-text@latest."],
  [undefined, "undefined", "Update bentoml-text: npm i bentoml-text@latest."],
  [3, "3", "Update bentoml-text: npm i bentoml-text@latest."],
  ["v3".repeat(99), '"v3v3', "Update bentoml-text: npm i bentoml-text@latest."],
])("one of %s is refused, and the older of both is to be updated", (declared, shown, cure) => {
  const trouble = contractTrouble(declared, "bentoml-text", { oldest: 2, newest: 3 });
  expect(trouble?.reason).toContain(`is an adapter of version ${shown}`);
  expect(trouble?.reason).toMatch(/and bentoml-core \d+\.\d+\.\d+\S* speaks "v2" to "v3"$/);
  expect(trouble?.reason.length).toBeLessThan(140);
  expect(trouble?.cure).toBe(cure);
});

test("what this core speaks is not refused, what comes after it is", () => {
  const { oldest, newest } = spokenVersions;
  for (let version = oldest; version <= newest; version++) expect(() => checkContract(`v${version}`, "bentoml-text")).not.toThrow();
  expect(() => checkContract(`v${newest + 1}`, "bentoml-text")).toThrow(expect.objectContaining({ code: "ADAPTER_VERSION" }));
});
