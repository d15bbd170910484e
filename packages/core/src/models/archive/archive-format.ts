import { open } from "node:fs/promises";
import { InvalidArgumentError, InvalidModelError } from "../../errors/index.js";
import { isTarHeader } from "./read-tar.js";

/** `bentomodel` is a tar.xz, which the Python original exchanges. */
export type ExportFormat = "bentomodel" | "tar.gz" | "tar";

const EXPORT_FORMATS: readonly ExportFormat[] = ["bentomodel", "tar.gz", "tar"];

const ENDINGS: readonly (readonly [string, ExportFormat])[] = [
  [".bentomodel", "bentomodel"],
  [".tar.xz", "bentomodel"],
  [".txz", "bentomodel"],
  [".tar.gz", "tar.gz"],
  [".tgz", "tar.gz"],
  [".tar", "tar"],
];

/** The format that a file's name stands for; `undefined` when its ending is none of ours. */
export function formatOfName(path: string): ExportFormat | undefined {
  return ENDINGS.find(([ending]) => path.toLowerCase().endsWith(ending))?.[1];
}

export function checkedFormat(format: string): ExportFormat {
  const known = EXPORT_FORMATS.find((candidate) => candidate === format);
  if (known === undefined) throw new InvalidArgumentError(`${JSON.stringify(format)} is not a format. Use one of: ${EXPORT_FORMATS.join(", ")}.`);
  return known;
}

export type Packing = "xz" | "gzip" | "none";

/** How a tar file is packed, by its first bytes; the name does not matter. Throws InvalidModelError for other files. */
export async function packingOf(path: string): Promise<Packing> {
  const start = await readStart(path);
  if (start.subarray(0, 6).equals(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]))) return "xz";
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  if (isTarHeader(start)) return "none";
  const text = start.toString("latin1", 0, 3);
  const kind = text === "BZh" ? "a bzip2 file" : text.startsWith("PK") ? "a zip file" : "no archive of a model";
  throw new InvalidModelError(
    `${path} is ${kind}. Give a tar file, plain or packed with xz or gzip, or a folder with a model.yaml; unpack other archives and import the folder.`,
  );
}

async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(512);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
