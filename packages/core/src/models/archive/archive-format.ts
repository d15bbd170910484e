import { open } from "node:fs/promises";
import { InvalidArgumentError, InvalidModelError } from "../../errors/index.js";
import { isTarHeader } from "./read-tar.js";

/** `bentomodel` is a tar.xz, which the Python original exchanges; `folder` is no archive but the files themselves. */
export type ExportFormat = ArchiveFormat | "folder";
export type ArchiveFormat = "bentomodel" | "tar.gz" | "tar";

/** What each name means; Python calls two of the formats otherwise. */
const EXPORT_FORMATS: ReadonlyMap<string, ExportFormat> = new Map([
  ["bentomodel", "bentomodel"],
  ["tar.gz", "tar.gz"],
  ["tar", "tar"],
  ["folder", "folder"],
  ["xz", "bentomodel"],
  ["gz", "tar.gz"],
]);

const ENDINGS: readonly (readonly [string, ArchiveFormat])[] = [
  [".bentomodel", "bentomodel"],
  [".tar.xz", "bentomodel"],
  [".txz", "bentomodel"],
  [".tar.gz", "tar.gz"],
  [".tgz", "tar.gz"],
  [".tar", "tar"],
];

/** The format that a file's name stands for; `undefined` when its ending is none of ours. */
export function formatOfName(path: string): ArchiveFormat | undefined {
  return ENDINGS.find(([ending]) => path.toLowerCase().endsWith(ending))?.[1];
}

/** Throws InvalidArgumentError that tells the formats that there are. */
export function checkedFormat(format: string): ExportFormat {
  const known = EXPORT_FORMATS.get(format);
  if (known !== undefined) return known;
  const names = [...new Set(EXPORT_FORMATS.values())].join(", ");
  throw new InvalidArgumentError(`${JSON.stringify(format)} is not a format that models are exported in. Use one of: ${names}.`);
}

/** Throws InvalidArgumentError for an address, which Python would fetch by way of its own file systems. */
export function expectLocal(path: string): void {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return;
  throw new InvalidArgumentError(`${path} is an address, and models are imported and exported as files of this machine only. Copy the file with a tool of that service.`);
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
