import { existsSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { repository } from "../src/repository.mjs";
import { outputOf } from "../src/run-command.mjs";

/** The last release, and a TensorFlow whose C interface it was written for. */
export const tfjsNodeVersion = "4.22.0";
export const tensorflowVersion = "2.15.1";

/** Which version of Node's native interface tfjs-node asks for. */
const nodeApiVersion = 8;

/**
 * Installs tfjs-node without its install script, which downloads TensorFlow from outside of the registry, and builds its native part
 * against the library inside of a Python's TensorFlow instead. Needs g++. One build serves every version of Node.
 *
 * @param {string} folder It is installed into `node_modules` of this folder, for `NODE_PATH`.
 * @param {string} python A Python that has the package `tensorflow-cpu`.
 * @returns {Promise<string>} That `node_modules`.
 */
export async function buildTfjsNode(folder, python) {
  await npmInstall(folder, `@tensorflow/tfjs-node@${tfjsNodeVersion}`);
  const modules = join(folder, "node_modules");
  await shareCopies(join(modules, "@tensorflow"));
  const root = join(modules, "@tensorflow", "tfjs-node");
  const libraries = await linkTensorflow(join(root, "deps"), python);
  const headers = [await nodeHeaders(folder), join(root, "deps", "include")];
  const output = join(root, "lib", `napi-v${nodeApiVersion}`);
  await mkdir(output, { recursive: true });
  await outputOf("g++", [
    ...["-O2", "-std=c++17", "-fPIC", "-shared", `-DNAPI_VERSION=${nodeApiVersion}`],
    ...headers.map((header) => `-I${header}`),
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((source) => join(root, "binding", source)),
    ...["-o", join(output, "tfjs_binding.node")],
    ...[`-L${libraries}`, "-ltensorflow", "-ltensorflow_framework", "-Wl,-rpath,$ORIGIN/../../deps/lib"],
  ]);
  return modules;
}

/**
 * Lets tfjs-node use the checkout's copies of the other packages, as it does where all are installed together: two copies in a thread
 * get into each other's way.
 *
 * @param {string} scope
 */
async function shareCopies(scope) {
  for (const name of ["tfjs-core", "tfjs-layers", "tfjs-converter", "tfjs-backend-cpu"]) {
    await rm(join(scope, name), { recursive: true });
    await symlink(join(repository, "node_modules", "@tensorflow", name), join(scope, name));
  }
}

/**
 * Puts TensorFlow's headers and libraries where tfjs-node's own script would have put them, by links.
 *
 * @param {string} target
 * @param {string} python
 * @returns {Promise<string>} The folder of the libraries.
 */
async function linkTensorflow(target, python) {
  const tensorflow = await outputOf(python, ["-c", "import importlib.util as u; print(u.find_spec('tensorflow').submodule_search_locations[0])"]);
  const libraries = join(target, "lib");
  await mkdir(libraries, { recursive: true });
  await symlink(join(tensorflow, "include"), join(target, "include"));
  const names = { "libtensorflow_cc.so.2": "libtensorflow.so", "libtensorflow_framework.so.2": "libtensorflow_framework.so" };
  for (const [library, linkName] of Object.entries(names)) {
    await symlink(join(tensorflow, library), join(libraries, library));
    await symlink(library, join(libraries, linkName));
  }
  return libraries;
}

/**
 * The folder of node_api.h: beside this Node, else out of a package of the Node.js project.
 *
 * @param {string} folder
 */
async function nodeHeaders(folder) {
  const beside = join(dirname(process.execPath), "..", "include", "node");
  if (existsSync(join(beside, "node_api.h"))) return beside;
  await npmInstall(folder, "node-api-headers@1.9.0");
  return join(folder, "node_modules", "node-api-headers", "include");
}

/**
 * @param {string} folder
 * @param {string} name
 */
async function npmInstall(folder, name) {
  await outputOf("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, name], { folder });
}
