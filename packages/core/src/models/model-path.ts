import { isAbsolute, join, normalize, sep } from "node:path";
import { InvalidArgumentError } from "../errors/index.js";

/** Joins a file's path inside a model to the model's folder. Throws InvalidArgumentError for a path that leads out of it. */
export function pathInside(folder: string, file: string): string {
  const path = normalize(file);
  const escapes = isAbsolute(file) || path === ".." || path.startsWith(`..${sep}`) || file.includes("\0") || /^[A-Za-z]:/.test(file);
  if (escapes || file === "") {
    throw new InvalidArgumentError(`${JSON.stringify(file)} is not a path inside the model. Give a relative path without "..".`);
  }
  return join(folder, path);
}
