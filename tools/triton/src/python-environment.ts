import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A virtual environment that is kept. */
export interface PythonEnvironment {
  readonly folder: string;
  /** Its program. */
  readonly python: string;
  /** Such as "3.11". */
  readonly version: string;
  /** The folder of its packages. */
  readonly packages: string;
}

/** What is done in an environment before it counts as whole. */
type Finish = (draft: PythonEnvironment) => Promise<void>;

/**
 * An environment of that name with those packages: made once, in the folder that BENTOML_TRITON_CACHE names, or in the system's folder for
 * temporary files. Needs `python3` with `venv`, or what BENTOML_TRITON_PYTHON names.
 */
export async function pythonEnvironment(name: string, packages: readonly string[], finish?: Finish): Promise<PythonEnvironment> {
  const python = systemPython();
  const { stdout } = await run(python, ["-c", 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const version = stdout.trim();
  const folder = join(process.env["BENTOML_TRITON_CACHE"] ?? join(tmpdir(), "bentoml-triton-cache"), `${name}-python${version}`);
  if (!existsSync(folder)) await make(python, version, folder, packages, finish);
  return environmentIn(folder, version);
}

/** That of the system: Triton loads its shared library, which a Python that was built by hand often lacks. */
function systemPython(): string {
  const own = process.env["BENTOML_TRITON_PYTHON"];
  return own ?? (existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3");
}

/** In a folder of its own, then renamed: another process may do the same, and a killed one leaves nothing that looks whole. */
async function make(python: string, version: string, folder: string, packages: readonly string[], finish: Finish | undefined): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const draft = environmentIn(await mkdtemp(`${folder}-`), version);
  try {
    await run(python, ["-m", "venv", draft.folder]);
    await run(draft.python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
    await finish?.(draft);
    await rename(draft.folder, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(draft.folder, { recursive: true, force: true });
  }
}

function environmentIn(folder: string, version: string): PythonEnvironment {
  return { folder, version, python: join(folder, "bin", "python"), packages: join(folder, "lib", `python${version}`, "site-packages") };
}
