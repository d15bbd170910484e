import { afterAll, beforeAll, expect, test } from "vitest";
import { BuiltAdapters } from "./adapters/build-adapters.js";
import { faults } from "./adapters/faults.js";
import { brokenLawsOf } from "./adapters/recorded-checks.js";

let built: BuiltAdapters;
beforeAll(async () => {
  built = await BuiltAdapters.build();
});
afterAll(() => built.remove());

/** That each fault breaks its law is a test of `adapter-testkit.test.ts`; here all the other laws are checked as well. */
test.each(faults)("$fault breaks exactly: $law", async ({ fault, law, says: _says, ...variant }) => {
  const { broken } = await brokenLawsOf(built, { module: `broken/${fault}`, ...variant });
  expect(broken).toEqual([{ law, message: expect.any(String) }]);
});
