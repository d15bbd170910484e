import { join } from "node:path";
import { outputOf } from "./run-command.mjs";

/**
 * Makes a virtual environment with those packages and returns the path of its Python. Needs `python3` with `venv`.
 *
 * @param {string} folder An empty one, or one that does not exist yet.
 * @param {readonly string[]} packages With their versions: `tritonclient[http]==2.73.0`.
 */
export async function makePythonEnvironment(folder, packages) {
  await outputOf("python3", ["-m", "venv", folder]);
  const python = join(folder, "bin", "python");
  await outputOf(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
  return python;
}
