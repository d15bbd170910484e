import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publishedPackages, repository } from "./repository.mjs";

/** Codes of others, which ours only look for, and outcomes of our own commands, which print what they have to say. */
const notOurs = new Set(["ERR_MODULE_NOT_FOUND", "DOCTOR_FOUND_ERRORS"]);

function codesInSources(): Set<string> {
  const sources = publishedPackages.flatMap((name) => {
    const folder = join(repository, "packages", name, "src");
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/\.(test|test-d|testing|fixture)\.ts$/.test(file) && !file.split(/[\\/]/).includes("testing"))
      .map((file) => readFileSync(join(folder, file), "utf8"));
  });
  const codes = sources.flatMap((source) => [...source.matchAll(/\bcode(?::|\s*=|\s*\?\?)\s*"([A-Z][A-Z_]+)"/g)].map(([, code]) => String(code)));
  return new Set(codes.filter((code) => !notOurs.has(code)));
}

function codesOnPage(): string[] {
  const page = readFileSync(join(repository, "docs", "troubleshooting.md"), "utf8");
  return [...page.matchAll(/^(?:\| )?`([A-Z][A-Z_]+)`(?= \|| is)/gm)].map(([, code]) => String(code));
}

test("each code of the sources stands on the page", () => {
  const onPage = new Set(codesOnPage());
  const missing = [...codesInSources()].filter((code) => !onPage.has(code));
  expect(missing, "add a line for each to docs/troubleshooting.md").toEqual([]);
});

test("each code stands there once, and is one of the sources", () => {
  const onPage = codesOnPage();
  expect(onPage.length).toBeGreaterThan(60);
  expect(new Set(onPage).size).toBe(onPage.length);
  const inSources = codesInSources();
  expect(onPage.filter((code) => !inSources.has(code)), "nothing has this code any more").toEqual([]);
});
