import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { NotFoundError } from "bentoml-core";

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  /** Strong: the hash of its bytes. */
  readonly etag: string;
  readonly bytes: Buffer;
}

/** All that is ever sent, by name: what else may lie in the folder stays there. */
const types: Readonly<Record<string, string>> = {
  "index.html": "text/html; charset=utf-8",
  "main.js": "text/javascript; charset=utf-8",
  "style.css": "text/css; charset=utf-8",
  "icon.svg": "image/svg+xml",
};

/** The files that the build puts into `dist/page`, each read once, when it is first asked for. */
export class PageFiles {
  readonly #folder: () => string;
  readonly #files: Map<string, Promise<PageFile>> = new Map();

  /** @param folder where the files are; asked when the first one is read. */
  constructor(folder: () => string = builtFolder) {
    this.#folder = folder;
  }

  /** Rejects with NotFoundError for a name that is no file of the page, and when the package was installed without them. */
  get(name: string): Promise<PageFile> {
    if (!Object.hasOwn(types, name)) return Promise.reject(new NotFoundError(`the page has no file "${name.slice(0, 80)}"`));
    let file = this.#files.get(name);
    if (file === undefined) {
      file = this.#read(name);
      // What could not be read now may be there later.
      file.catch(() => this.#files.delete(name));
      this.#files.set(name, file);
    }
    return file;
  }

  async #read(name: string): Promise<PageFile> {
    const bytes = await readFile(join(this.#folder(), name)).catch((cause: unknown) => {
      throw new NotFoundError(`the page is not there: ${name} is missing from dist/page of bentoml-server. Build or install the package again`, { cause });
    });
    return { type: types[name] as string, etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`, bytes };
  }
}

/** The package looks itself up, so that it is the same from the sources and from what is built of them. */
function builtFolder(): string {
  return join(dirname(createRequire(import.meta.url).resolve("bentoml-server/package.json")), "dist", "page");
}
