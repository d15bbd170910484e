import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./repository.mjs";

const page = readFileSync(join(repository, "CONTRIBUTING.md"), "utf8");

test("the layout has every package and every tool", () => {
  const folders = ["packages", "tools"].flatMap((parent) => readdirSync(join(repository, parent)).map((name) => `${parent}/${name}`));
  expect(folders.filter((folder) => !page.includes(`| \`${folder}\` |`))).toEqual([]);
});

test("the layout has nothing that is gone", () => {
  const [, layout = ""] = page.split("\n## Layout\n");
  const folders = [...(layout.split("\n## ")[0] ?? "").matchAll(/^\| `([\w/-]+)` \|/gm)].map(([, folder]) => String(folder));
  expect(folders.length).toBeGreaterThan(15);
  expect(folders.filter((folder) => !existsSync(join(repository, folder)))).toEqual([]);
});

test("the files that it sends people to are there", () => {
  const paths = [...page.matchAll(/`((?:packages|tools|docs|\.changeset)\/[\w./-]+)`/g)].map(([, path]) => String(path));
  expect(paths.length).toBeGreaterThan(30);
  expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});
