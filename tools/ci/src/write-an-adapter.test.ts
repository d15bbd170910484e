import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./repository.mjs";

const example = join(repository, "docs", "examples", "community-adapter");
const page = readFileSync(join(repository, "docs", "write-an-adapter.md"), "utf8");
const files = readdirSync(example, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !join(entry.parentPath).includes("node_modules"))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));

test("the code of the page is that of the example, which CI runs", () => {
  const blocks = [...page.matchAll(/^```(?:ts|js|json)\n(.*?)^```$/gms)].map(([, code]) => String(code).trimEnd());
  expect(blocks.length).toBe(5);
  for (const block of blocks) expect(files.some((file) => file.includes(block)), block).toBe(true);
});

test("the adapter is as short as the page says", () => {
  const sources = ["index.ts", "prepare.ts", "tree-runnable.ts"].map((file) => readFileSync(join(example, "src", file), "utf8"));
  const lines = sources.join("").split("\n").filter((line) => line.trim() !== "").length;
  expect(page).toContain(`in ${lines} lines`);
  expect(lines).toBeLessThan(60);
});
