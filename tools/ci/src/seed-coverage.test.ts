import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./repository.mjs";

const page = readFileSync(join(repository, "docs/seed-coverage.md"), "utf8");
/** [what it says, code, test] of each row. */
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.startsWith("| What"))
  .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));

function pathsIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`\s]+\.ts)`/g)].map(([, path = ""]) => (/^(packages|tools|docs)\//.test(path) ? path : `packages/core/src/${path}`));
}

test("the page has both of the original's pages in it", () => {
  expect(rows.length).toBeGreaterThan(40);
});

test.each(rows)("%s", (_what, code = "", held = "") => {
  if (code.startsWith("not here")) return;
  expect(pathsIn(code).length).toBeGreaterThan(0);
  for (const path of pathsIn(code)) expect(existsSync(join(repository, path)), path).toBe(true);
  const [file = ""] = pathsIn(held);
  const source = readFileSync(join(repository, file), "utf8");
  const [, name] = /"(.*)"$/.exec(held) ?? [];
  if (name !== undefined) expect(source, file).toContain(name);
});
