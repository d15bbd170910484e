import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Configuration } from "./configuration.js";
import { withValue } from "./section.js";
import { readYaml } from "./yaml-text.js";

const page = readFileSync(new URL("../../../../docs/configuration.md", import.meta.url), "utf8");

/** The first column of the tables below a heading. */
function keysUnder(heading: string): string[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const text = section.split("\n## ")[0]?.split("\n### ")[0] ?? "";
  return [...text.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, key]) => key as string);
}

/** Every key that is allowed below a path: an unknown one is answered with those that are. */
function allowedBelow(path: readonly string[]): string[] {
  const allowed = /Allowed here: ([^.]+)\./.exec(errorOf([...path, "x_unknown_x"], 1))?.[1]?.split(", ") ?? [];
  return allowed.flatMap((key) => {
    const below = /must be a mapping with/.test(errorOf([...path, key], [])) ? allowedBelow([...path, key]) : [];
    return below.length === 0 ? [key] : below.map((inner) => `${key}.${inner}`);
  });
}

function errorOf(path: readonly string[], value: unknown): string {
  try {
    Configuration.load({ file: false, environment: {}, options: withValue({}, path, value) });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test("the page has every key of a runner, and no other", () => {
  expect(keysUnder("Runners").sort()).toEqual(allowedBelow(["runners", "digits"]).sort());
});

test("the page has every key of the API server, and no other", () => {
  expect(keysUnder("API server").sort()).toEqual(allowedBelow(["api_server"]).sort());
});

test("the page has every key of traces, and no other", () => {
  expect(keysUnder("Traces")).toEqual(allowedBelow(["tracing"]));
});

test("the page's examples are read as the page says", () => {
  const [, text = ""] = /```yaml\n([\s\S]+?)```/.exec(page) ?? [];
  const configuration = Configuration.load({ file: false, environment: {}, options: readYaml(text, {}) as Record<string, unknown> });
  expect(configuration.apiServer).toMatchObject({ host: "0.0.0.0", port: 3000, timeoutMs: 30_000, maxConcurrency: 256 });
  expect(configuration.runner("digits")).toMatchObject({ resources: { cpu: 1 }, workersPerResource: 2, batching: { maxBatchSize: 256, maxLatencyMs: 2_000 } });
  expect(configuration.runner("resnet").batching.enabled).toBe(false);
});

test("the page's line of options is read as the page says", () => {
  const [, line = ""] = /`(runners\."my\.runner"[^`]+)`/.exec(page) ?? [];
  const runner = Configuration.load({ file: false, environment: { BENTOML_CONFIG_OPTIONS: line } }).runner("my.runner");
  expect(runner).toMatchObject({ resources: { cpu: 2 }, batching: { enabled: false } });
});
