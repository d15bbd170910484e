import { expect, test } from "vitest";
import { adapterNames, troubleWithName } from "./adapter-names.js";

test.each([
  ["my-framework", "bentoml-my-framework", "MyFramework", "myFramework", "My Framework"],
  ["bentoml-xgboost2", "bentoml-xgboost2", "Xgboost2", "xgboost2", "Xgboost2"],
  ["@acme/my-framework", "@acme/bentoml-my-framework", "MyFramework", "myFramework", "My Framework"],
])("%s makes the package %s", (given, packageName, className, identifier, title) => {
  expect(troubleWithName(given)).toBeUndefined();
  expect(adapterNames(given)).toMatchObject({ packageName, className, identifier, title });
});

test.each(["", "My-Framework", "1up", "a--b", "a b", "../evil", "@acme", "@acme/", "a/b", "-a", "a-", "a".repeat(300)])("%j is refused with a name that would do", (given) => {
  expect(troubleWithName(given)).toMatch(/my-framework|at most 214/);
});
