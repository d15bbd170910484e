import { InvalidModelError } from "../../errors/index.js";

/** One file or folder of an archive, or of a folder that is read like one. */
export interface ArchiveEntry {
  /** As it stands in the archive; not checked yet. */
  readonly path: string;
  readonly kind: "file" | "folder";
  readonly size: number;
  /** Must be read to its end, or not at all, before the next entry is asked for. Nothing for a folder. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The path of an entry relative to the model, with `/`; empty for the model's own folder (`./`). Throws InvalidModelError
 * for a path that leads elsewhere: absolute, with `..`, with a drive letter or a backslash.
 */
export function safePathOf(path: string): string {
  const parts = path.split("/").filter((part, index) => part !== "." && (part !== "" || index === 0));
  const isUnsafe =
    path === "" || parts[0] === "" || parts.includes("..") || path.includes("\\") || path.includes("\0") || /^[A-Za-z]:/.test(parts[0] ?? "");
  if (isUnsafe) {
    throw new InvalidModelError(`The archive is refused: its entry ${JSON.stringify(path)} would be written outside of the model.`);
  }
  return parts.join("/");
}
