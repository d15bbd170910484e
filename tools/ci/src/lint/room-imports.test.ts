import { expect, test } from "vitest";
import { findProblem } from "./room-imports.mjs";

const rooms = ["errors", "models", "workers", "runner"];

function problem(file: string, target: string): string | undefined {
  const isTest = file.endsWith(".test.ts");
  return findProblem(file.split("/"), target.split("/"), { rooms, isTest })?.messageId;
}

test.each([
  ["models/store.ts", "models/yaml.js", "a file of the same room"],
  ["models/store.ts", "errors/index.js", "a room below, by its door"],
  ["models/store.ts", "models/xz/index.js", "an inner room, by its door"],
  ["models/xz/reader.ts", "models/paths.js", "a file of the room around it"],
  ["workers/pool/slot.ts", "workers/wire/index.js", "the inner room beside it, by its door"],
  ["workers/pool/slot.ts", "errors/index.js", "a room below, from an inner room"],
  ["index.ts", "runner/index.js", "any room's door, from the package's index"],
  ["models/store.test.ts", "runner/index.js", "a room above, from a test"],
  ["models/store.test.ts", "models/index.js", "its own door, from a test"],
])("%s may import %s: %s", (file, target) => {
  expect(problem(file, target)).toBeUndefined();
});

test.each([
  ["models/store.ts", "errors/model-errors.js", "door"],
  ["models/store.test.ts", "errors/model-errors.js", "door"],
  ["models/store.ts", "models/xz/reader.js", "door"],
  ["workers/pool/slot.ts", "workers/wire/lock.js", "door"],
  ["runner/runner.ts", "models/xz/index.js", "door"],
  ["index.ts", "runner/runner.js", "door"],
  ["models/store.ts", "models/index.js", "ownDoor"],
  ["workers/pool/slot.ts", "workers/index.js", "ownDoor"],
  ["models/store.ts", "index.js", "ownDoor"],
  ["models/store.ts", "runner/index.js", "upwards"],
  ["models/store.ts", "attic/index.js", "unknownRoom"],
  ["attic/store.ts", "models/index.js", "unknownRoom"],
  ["models/store.ts", "../other/index.js", "outside"],
])("%s may not import %s: %s", (file, target, messageId) => {
  expect(problem(file, target)).toBe(messageId);
});

test("the message names the door to use", () => {
  const found = findProblem(["workers", "pool", "slot.ts"], ["models", "xz", "reader.js"], { rooms, isTest: false });
  expect(found).toEqual({ messageId: "door", data: { door: "../../models/index.js" } });
});
