import { MissingDependencyError } from "bentoml-core";
import { expect, test } from "vitest";
import { explainLoadFailure, findPackage, loadPackage } from "./tfjs-package.js";

const failure = (code: string | undefined, message: string): Error => Object.assign(new Error(message), code === undefined ? {} : { code });

test.each([
  ["is not installed", failure("MODULE_NOT_FOUND", "Cannot find module '@tensorflow/x'\nRequire stack:"), /^Models need the package @tensorflow\/x, which is not installed: npm i @tensorflow\/x$/],
  ["lacks its native part", failure(undefined, "The Node.js native addon module (tfjs_binding.node) can not be found at path: y"), /native part is not.*npm rebuild @tensorflow\/x.*"wasm"/],
  ["does not load here", failure("ERR_DLOPEN_FAILED", "libm.so.6: version `GLIBC_2.38' not found"), /native part of @tensorflow\/x does not load on .*GLIBC_2\.38.*"wasm"/],
  ["lacks one of its own", failure("MODULE_NOT_FOUND", "Cannot find module 'long'"), /installed but does not load: Cannot find module 'long'.*install again/],
])("a package that %s: what to do", (_what, error, message) => {
  const load = (): never => {
    throw error;
  };
  expect(() => loadPackage("@tensorflow/x", "Models", load)).toThrow(MissingDependencyError);
  expect(() => loadPackage("@tensorflow/x", "Models", load)).toThrow(message);
  expect(explainLoadFailure(error, "@tensorflow/x", "Models").cause).toBe(error);
});

test("a package is found without loading it", () => {
  expect(findPackage("@tensorflow/tfjs-backend-wasm")).toMatch(/tf-backend-wasm\.node\.js$/);
  expect(findPackage("@tensorflow/no-such-package")).toBeUndefined();
});
