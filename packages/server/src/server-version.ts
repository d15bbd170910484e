import { readFileSync } from "node:fs";

const PACKAGE = "bentoml-server";

let known: string | undefined;

/**
 * Version of this package, from its package.json, which lies one folder up both from the source and from the build; `unknown` when a bundler
 * has separated the code from it. A release changes package.json alone, so what is published is what was built and tested.
 */
export function serverVersion(): string {
  known ??= readVersion();
  return known;
}

function readVersion(): string {
  try {
    const { name, version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { name?: unknown; version?: unknown };
    return name === PACKAGE && typeof version === "string" ? version : "unknown";
  } catch {
    return "unknown";
  }
}
