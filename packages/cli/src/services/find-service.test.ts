import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findService } from "./find-service.js";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "find-service-")));
mkdirSync(join(folder, "app"));
mkdirSync(join(folder, "empty"));
for (const file of ["service.ts", "app/service.mjs", "app/service.ts", "other.cjs"]) writeFileSync(join(folder, file), "");

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["service.ts", { file: "service.ts", exportName: undefined, folder: undefined }],
  ["./other.cjs:svc", { file: "other.cjs", exportName: "svc", folder: undefined }],
  [".", { file: "service.ts", exportName: undefined, folder: "." }],
  ["./app", { file: "app/service.ts", exportName: undefined, folder: "app" }],
])("%s is a service", (argument, { file, exportName, folder: own }) => {
  expect(findService(argument, folder)).toEqual({ file: join(folder, file), exportName, folder: own === undefined ? undefined : join(folder, own) });
});

test.each(["digits", "digits:latest", "digits:v1.2", "service"])("%s is no service but a tag", (argument) => {
  expect(findService(argument, folder)).toBeUndefined();
});

test.each([
  ["gone.ts", /There is no file .*gone\.ts/],
  ["./gone", /There is no folder .*gone.*tags/],
  ["./empty", /has none of service\.ts/],
])("%s is not there", (argument, message) => {
  expect(() => findService(argument, folder)).toThrow(message);
});
