import { isBentoMLError } from "bentoml-core";
import { expect, test } from "vitest";
import { needsTranspiler } from "./typescript-faults.js";
import { serviceFault } from "./service-fault.js";
import { standIn } from "./transpiler.js";

function thrown(name: string, message: string, stack: string, code?: string): Error {
  return Object.assign(new Error(message), { name, stack: `${name}: ${message}\n${stack}` }, code === undefined ? {} : { code });
}

test("the first frame of the user's own files is the place; ours and those of packages are left out", () => {
  const error = thrown(
    "TypeError",
    "no good",
    "    at inner (/app/node_modules/library/index.js:1:2)\n    at helper (/app/lib/helper.ts:7:9)\n    at file:///app/service.ts:3:1\n    at node:internal/modules/esm:1:1",
  );
  const fault = serviceFault(error, [], "/app");
  expect(fault.message).toBe("lib/helper.ts:7:9: TypeError: no good");
  expect(fault.stack?.split("\n").slice(1)).toEqual(["    at helper (/app/lib/helper.ts:7:9)", "    at file:///app/service.ts:3:1"]);
  expect(isBentoMLError(fault)).toBe(true);
});

test("a message that has its place is not given another", () => {
  const error = thrown("Error", "ParseError: Unexpected token \n /app/greeting.ts:2:9", "");
  expect(serviceFault(error, [], "/elsewhere").message).toBe("ParseError: Unexpected token \n /app/greeting.ts:2:9");
});

test("a module that is missing is told with the file that wants it", () => {
  const error = thrown("Error", "Cannot find module './gone.ts'\nRequire stack:\n- /app/service.ts", "    at node:internal/modules:1:1", "MODULE_NOT_FOUND");
  expect(serviceFault(error, [], "/app").message).toBe("service.ts:1: Cannot find module './gone.ts'");
});

test.each([
  ["ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX", true],
  ["ERR_MODULE_NOT_FOUND", true],
  ["EACCES", false],
])("%s: whether translating may help is %s", (code, expected) => {
  expect(needsTranspiler(serviceFault(thrown("Error", "no", "", code), [], "/app"))).toBe(expected);
});

test("what throws no error is told too", () => {
  expect(serviceFault("no", [], "/app").message).toBe("it threw no");
});

test("a stand-in has the exports of the file that it stands for", () => {
  const source = standIn("file:///app/a.ts", "exports.default = exports.svc = exports.Doubler = void 0; exports.svc = 1;", "file:///cli/transpiler.js");
  expect(source).toContain('import { importTranspiled } from "file:///cli/transpiler.js";');
  expect(source).toContain('importTranspiled("/app/a.ts")');
  expect(source.match(/export \{ of_\w+ as (\w+) \}/g)).toHaveLength(2);
  expect(source.match(/export default/g)).toHaveLength(1);
});

test("it has those that the file has from another one", () => {
  const translated = 'Object.defineProperty(exports, "__esModule", { value: true });Object.defineProperty(exports, "svc", { enumerable: true, get: function () {return _a.svc;} });';
  const source = standIn("file:///app/a.ts", translated, "file:///cli/transpiler.js");
  expect(source.match(/export \{ of_\w+ as \w+ \}/g)).toEqual(["export { of_svc as svc }"]);
});
