import { expect, test } from "vitest";
import { parseStartOptions } from "./start-options.js";

test("defaults, and what is given instead", () => {
  expect(parseStartOptions([])).toEqual({ once: false, requests: 20_000, inFlight: 64 });
  expect(parseStartOptions(["--once", "--requests", "359", "--in-flight=1"])).toEqual({ once: true, requests: 359, inFlight: 1 });
});

test.each([[["--requests", "0"]], [["--in-flight", "many"]], [["--twice"]], [["word"]]])("%j is refused", (argv) => {
  expect(() => parseStartOptions(argv)).toThrow();
});
