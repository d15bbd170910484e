import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { publishedPackages, repository } from "./repository.mjs";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly type: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly publishConfig: unknown;
  readonly scripts: Readonly<Record<string, string>>;
}

function read(...path: string[]): string {
  return readFileSync(join(repository, ...path), "utf8");
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(read("packages", folder, "package.json")) as Manifest;
}

test("every folder of packages is one that the checks know", () => {
  expect(readdirSync(join(repository, "packages")).sort()).toEqual([...publishedPackages].sort());
});

test("the packages have one version", () => {
  expect(new Set(publishedPackages.map((folder) => manifestOf(folder).version)).size).toBe(1);
});

test("a release covers exactly these packages", () => {
  const { fixed } = JSON.parse(read(".changeset", "config.json")) as { fixed: string[][] };
  expect(fixed).toEqual([publishedPackages.map((folder) => manifestOf(folder).name)]);
});

describe.each(publishedPackages)("packages/%s", (folder) => {
  const manifest = manifestOf(folder);

  test.each(["LICENSE", "NOTICE"])("has the %s of the repository and publishes it", (file) => {
    expect(read("packages", folder, file)).toBe(read(file));
    expect(manifest.files).toContain(file);
  });

  test("is public, of the repository's licence, and for ES modules", () => {
    expect(manifest.private).toBeUndefined();
    expect(manifest).toMatchObject({ license: "Apache-2.0", type: "module", publishConfig: { access: "public" } });
    expect(manifest.engines).toEqual({ node: ">=20.19.0" });
  });

  test("has no script that npm would run by itself at install", () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)|install|prepare|prepack/.test(name))).toEqual([]);
  });

  test("can be loaded by require(): its entries have a default condition and no import condition", () => {
    // A package that is only a command has none.
    if (manifest.exports["."] !== undefined) expect(Object.keys(manifest.exports["."] as object)).toEqual(["bentoml-source", "types", "default"]);
    else expect(manifest.bin).toBeDefined();
  });
});
