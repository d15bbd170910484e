import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidModelError } from "../errors/index.js";

export interface FolderContent {
  /** Relative paths with `/`, sorted. */
  readonly files: readonly string[];
  /** Relative paths with `/`, each after the folder that holds it; without the top folder. */
  readonly folders: readonly string[];
}

/** Everything below a folder. Throws InvalidModelError for what is neither a file nor a folder: links, sockets, devices. */
export async function contentOf(folder: string): Promise<FolderContent> {
  const files: string[] = [];
  const folders: string[] = [];
  const visit = async (relative: string): Promise<void> => {
    const entries = await readdir(join(folder, relative), { withFileTypes: true });
    for (const entry of entries) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory()) {
        folders.push(path);
        await visit(path);
      } else {
        throw new InvalidModelError(`${join(folder, path)} is neither a file nor a folder. A model holds only those: copy what a link points to.`);
      }
    }
  };
  await visit("");
  return { files: files.sort(), folders };
}
