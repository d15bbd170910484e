import { execFile } from "node:child_process";
import { readdirSync, statSync, utimesSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { workspaceFolder } from "./workspace.js";

/** Folders and npm names of the packages that the server is made of. */
const packages: readonly (readonly [folder: string, name: string])[] = [
  ["core", "bentoml-core"],
  ["server", "bentoml-server"],
  ["onnx", "bentoml-onnx"],
  ["cli", "bentoml"],
];

/** Builds the packages when one of them is not built or older than its source. Answers whether it built anything. */
export async function buildWhenStale(tellBuilding: () => void): Promise<boolean> {
  const stale = packages.filter(([folder]) => isStale(join(workspaceFolder, "packages", folder)));
  if (stale.length === 0) return false;
  tellBuilding();
  await build();
  // nx leaves a build alone that has the right content, whatever its age.
  const now = new Date();
  for (const [folder] of packages) utimesSync(builtFile(join(workspaceFolder, "packages", folder)), now, now);
  return true;
}

async function build(): Promise<void> {
  const nx = createRequire(import.meta.url).resolve("nx/bin/nx.js");
  const projects = packages.map(([, name]) => name).join(",");
  try {
    await promisify(execFile)(process.execPath, [nx, "run-many", "-t", "build", "-p", projects], {
      cwd: workspaceFolder,
      env: { ...process.env, NX_DAEMON: "false", NO_COLOR: "1" },
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`The build failed (npx nx run-many -t build):\n${stdout}${stderr}`.trimEnd(), { cause: error });
  }
}

function isStale(folder: string): boolean {
  const built = statSync(builtFile(folder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => !/\.(test|test-d|fixture)\.ts$/.test(name))
    .map((name) => join(folder, "src", name));
  return [...sources, join(folder, "package.json")].some((path) => statSync(path).mtimeMs > built);
}

function builtFile(folder: string): string {
  return join(folder, "dist", "index.js");
}
