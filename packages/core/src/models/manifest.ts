import { join } from "node:path";
import { InvalidModelError } from "../errors/index.js";
import { hashFile } from "./durable-files.js";
import { contentOf } from "./model-files.js";
import { MODEL_YAML } from "./model-info.js";
import type { StoredModel } from "./stored-model.js";

export interface Verification {
  readonly model: StoredModel;
  /** `absent` for a model without checksums: Python saves none. Then nothing was compared. */
  readonly manifest: "matches" | "absent";
  /** Files that were compared. */
  readonly files: number;
}

/** SHA-256 in hex of each of the files, by path, `model.yaml` left out. Brings the files to the disk as well. */
export async function hashFiles(folder: string, files: readonly string[]): Promise<Record<string, string>> {
  const hashes: [string, string][] = [];
  for (const file of files) {
    if (file !== MODEL_YAML) hashes.push([file, await hashFile(join(folder, file), { sync: true })]);
  }
  return Object.fromEntries(hashes);
}

/**
 * Compares a model's files with the checksums in its model.yaml. Throws InvalidModelError that names the first file, in
 * the order of their names, that is missing, changed or not listed.
 */
export async function verifyFiles(model: StoredModel): Promise<Verification> {
  const expected = model.info.files;
  if (expected === undefined) return { model, manifest: "absent", files: 0 };
  const { files } = await contentOf(model.path);
  const present = new Set(files);
  const names = [...new Set([...Object.keys(expected), ...files])].filter((name) => name !== MODEL_YAML).sort();
  for (const name of names) {
    const trouble = await differenceOf(model, name, present.has(name));
    if (trouble !== undefined) {
      throw new InvalidModelError(
        `The model ${model.tag.toString()} in ${model.path} is not as it was saved: ${name} ${trouble}. Delete it, then save or import it again.`,
      );
    }
  }
  return { model, manifest: "matches", files: names.length };
}

async function differenceOf(model: StoredModel, name: string, isPresent: boolean): Promise<string | undefined> {
  const expected = model.info.files !== undefined && Object.hasOwn(model.info.files, name) ? model.info.files[name] : undefined;
  if (expected === undefined) return "was added";
  if (!isPresent) return "is missing";
  const actual = await hashFile(join(model.path, name), { sync: false });
  return actual === expected.toLowerCase() ? undefined : `has changed (SHA-256 ${actual}, saved as ${expected})`;
}
