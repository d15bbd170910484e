import { expect, test } from "vitest";
import { processFlags, threadFlags } from "./node-flags.js";

test("a thread inherits its flags, so that those for V8 do no harm", () => {
  expect(threadFlags(["--max-old-space-size=4096", "--expose-gc", "--import", "tsx"])).toEqual({});
});

test("a thread of a program given as a text gets what loads modules alone", () => {
  const flags = ["--input-type=module", "--import", "tsx", "--conditions=source", "--expose-gc", "-e", "await run()"];
  expect(threadFlags(flags)).toEqual({ execArgv: ["--import", "tsx", "--conditions=source"] });
});

test("a process gets all flags but those of the main script", () => {
  expect(processFlags(["--max-old-space-size=4096", "--inspect=9229", "--import", "tsx", "--test-reporter=spec", "--enable-source-maps"])).toEqual([
    "--max-old-space-size=4096",
    "--import",
    "tsx",
    "--enable-source-maps",
  ]);
  expect(processFlags(["--input-type=module", "--expose-gc", "-e", "await run()"])).toEqual(["--expose-gc"]);
});
