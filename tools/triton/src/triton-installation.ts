import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { pythonEnvironment, type PythonEnvironment } from "./python-environment.js";

const run = promisify(execFile);

/** Triton 2.51 with its Python backend, which sends wrong sizes with NumPy 2. What else the package wants, the server does not. */
const PACKAGES = ["--no-deps", "nvidia-pytriton==0.7.0", "numpy==1.26.4"] as const;

/** Where the parts of an unpacked Triton lie. */
export interface TritonInstallation {
  readonly server: string;
  readonly backends: string;
  readonly caches: string;
  /** What the server and its Python processes need to find their libraries. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Unpacks Triton from its Python package, once. Needs Linux on x86-64, and the shared library of the Python that is used.
 *
 * @throws Error that says what is missing.
 */
export async function installTriton(): Promise<TritonInstallation> {
  const { folder, packages } = await pythonEnvironment("triton-2.51", PACKAGES, gatherBackend);
  const parts = join(packages, "pytriton", "tritonserver");
  const libraries = [join(packages, "nvidia_pytriton.libs"), process.env["LD_LIBRARY_PATH"] ?? ""];
  return {
    server: join(parts, "bin", "tritonserver"),
    backends: join(folder, "backends"),
    caches: join(parts, "caches"),
    environment: {
      ...process.env,
      LD_LIBRARY_PATH: libraries.filter((path) => path !== "").join(":"),
      PATH: `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`,
      PYTHONPATH: packages,
      PYTHONDONTWRITEBYTECODE: "1",
      VIRTUAL_ENV: folder,
    },
  };
}

/** A folder of backends with the stub for this version of Python. */
async function gatherBackend({ folder, version, packages }: PythonEnvironment): Promise<void> {
  const parts = join(packages, "pytriton", "tritonserver");
  const stub = join(parts, "python_backend_stubs", version, "triton_python_backend_stub");
  if (!existsSync(stub)) throw new Error(`Triton's package has no backend for Python ${version}: set BENTOML_TRITON_PYTHON to one of 3.8 to 3.13.`);
  const target = join(folder, "backends", "python");
  await mkdir(target, { recursive: true });
  const source = join(parts, "backends", "python");
  for (const name of ["libtriton_python.so", "triton_python_backend_utils.py"]) await copyFile(join(source, name), join(target, name));
  await copyFile(stub, join(target, "triton_python_backend_stub"));
  await checkLibraries(join(target, "triton_python_backend_stub"), version);
}

async function checkLibraries(program: string, version: string): Promise<void> {
  const { stdout } = await run("ldd", [program]);
  const isMissing = stdout.split("\n").some((line) => line.includes("libpython") && line.includes("not found"));
  if (isMissing) throw new Error(`Triton's Python backend needs the shared library of Python ${version}: apt-get install libpython${version}.`);
}
