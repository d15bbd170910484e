import { copyFile, cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { digitsModel, heldOutDigits } from "../digits.mjs";
import { repository } from "../repository.mjs";
import { outputOf } from "../run-command.mjs";

const files = fileURLToPath(new URL("project", import.meta.url));
const photograph = join(repository, "tools", "images", "references", "large.jpg");

/**
 * Makes the folder that every page begins with a copy of: services, the digits model as a file, pictures, and a store with models by the
 * names that pages use.
 *
 * @param {string} folder
 */
export async function makeSampleProject(folder) {
  await cp(files, folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "a-project", private: true, type: "module" }));
  await copyFile(digitsModel, join(folder, "digits.onnx"));
  await copyFile(photograph, join(folder, "cat.jpg"));
  await Promise.all([3, 4, 7].map((digit) => drawDigit(digit, folder)));
  await makeStore(folder);
}

/** @param {string} folder */
async function makeStore(folder) {
  const where = { folder, variables: { BENTOML_HOME: storeIn(folder) }, limitSeconds: 120 };
  const command = join(repository, "node_modules", "bentoml", "dist", "bin.js");
  const take = (/** @type {string} */ tag) => outputOf(process.execPath, [command, "models", "import", "digits.onnx", "--name", tag], where);
  // Types and adapters are looked for in the project.
  await linkPackages(folder);
  await take("digits:v1");
  await take("digits:v3");
  await take("resnet:v2");
  await outputOf(process.execPath, [join(repository, "docs", "examples", "service", "save-models.mjs")], where);
  await outputOf(process.execPath, [command, "types"], where);
}

/**
 * The types of the models that all pages find, as `bentoml types` writes them.
 *
 * @param {string} sample
 */
export function modelTypesOf(sample) {
  return join(sample, "bentoml-models.d.ts");
}

/** @param {string} folder */
export function storeIn(folder) {
  return join(folder, "bentoml-store");
}

/**
 * Copies the sample project for a page.
 *
 * @param {string} sample
 * @param {string} folder
 */
export async function copySampleProject(sample, folder) {
  await cp(sample, folder, { recursive: true, verbatimSymlinks: true });
}

/**
 * The packages of the checkout, as an installation gives them.
 *
 * @param {string} folder
 */
async function linkPackages(folder) {
  await symlink(join(repository, "node_modules"), join(folder, "node_modules"), "dir");
}

/** The name of a picture of a digit. */
const names = new Map([[3, "three"], [4, "four"], [7, "seven"]]);

/**
 * Draws the first held-out picture of a digit, dark on light and 260 x 240 pixels large, into `seven.png` and the like.
 *
 * @param {number} digit
 * @param {string} folder
 */
async function drawDigit(digit, folder) {
  const lines = (await readFile(heldOutDigits, "utf8")).trim().split("\n").map((line) => line.split(",").map(Number));
  const pixels = lines.find((line) => line[64] === digit)?.slice(0, 64) ?? [];
  const grey = Uint8Array.from(pixels, (ink) => 255 - Math.round((ink * 255) / 16));
  await mkdir(folder, { recursive: true });
  await sharp(grey, { raw: { width: 8, height: 8, channels: 1 } })
    .resize(200, 200, { kernel: "cubic" })
    .extend({ top: 20, bottom: 20, left: 30, right: 30, background: "#ffffff" })
    .png()
    .toFile(join(folder, `${names.get(digit)}.png`));
}
