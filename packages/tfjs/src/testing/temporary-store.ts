import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { afterEach, beforeEach } from "vitest";

/** A store and a folder for files, fresh for each test of the file that calls this. */
export interface TemporaryStore {
  readonly store: ModelStore;
  /** Absolute path of a file in the folder. */
  file(name: string): string;
  /** Names of models and drafts that lie in the store's folder. */
  leftovers(): string[];
}

export function temporaryStore(): TemporaryStore {
  let folder = "";
  let store: ModelStore | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "bentoml-tfjs-"));
    store = new ModelStore(join(folder, "home"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  return {
    get store() {
      if (store === undefined) throw new Error("Only inside a test.");
      return store;
    },
    file: (name) => join(folder, name),
    leftovers: () => {
      const models = join(folder, "home", "models");
      return existsSync(models) ? readdirSync(models).filter((name) => !name.startsWith(".")) : [];
    },
  };
}
