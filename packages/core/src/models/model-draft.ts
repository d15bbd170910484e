import { pathInside } from "./model-path.js";

/** The folder that a save writes its files into. It becomes the model when the save ends, and is gone when it fails. */
export interface ModelDraft {
  /** Absolute path of the folder, which exists and is empty at first. */
  readonly path: string;
  /** Absolute path of a file to write. Throws InvalidArgumentError for a path that leads out of the draft. */
  pathOf(file: string): string;
}

export function draftIn(path: string): ModelDraft {
  return { path, pathOf: (file) => pathInside(path, file) };
}
