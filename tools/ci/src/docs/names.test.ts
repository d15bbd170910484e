import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publishedPackages, repository } from "../repository.mjs";

const sources = publishedPackages
  .flatMap((name) => {
    const folder = join(repository, "packages", name, "src");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && !/\.(test|test-d)\.ts$/.test(file));
    return files.map((file) => readFileSync(join(folder, file), "utf8"));
  })
  .join("\n");
const words = new Set(sources.match(/[A-Za-z_$][\w$]*/g));

/** What the table of names calls things here: each name in the code of its second column, with the cell. */
const names = readFileSync(join(repository, "docs", "coming-from-python.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| .* \| .* \|$/.test(line) && !/^\| (---|Python) /.test(line))
  .flatMap((line) => {
    const here = line.slice(line.indexOf(" | ") + 3, -2);
    const code = [...here.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.replace(/"[^"]*"|'[^']*'/g, ""));
    return code.flatMap((text) => text.match(/[A-Za-z_$][\w$]{3,}/g) ?? []).map((name) => [name, here] as const);
  });

/** The reader's own. */
const others = new Set(["fastifyPlugin"]);

test("the table of names has names", () => {
  expect(names.length).toBeGreaterThan(100);
});

test.each([...new Map(names)].filter(([name]) => !others.has(name)))("%s is a name of ours", (name, cell) => {
  expect(words.has(name), cell).toBe(true);
});
