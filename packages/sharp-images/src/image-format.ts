/** Kinds of files that recipes read. */
export type ImageFormat = "jpeg" | "png" | "webp" | "gif" | "tiff" | "avif";

/** The formats of image files that can be read. */
export const imageFormats: readonly ImageFormat[] = ["jpeg", "png", "webp", "gif", "tiff", "avif"];

/** Bytes of a file's head that `imageFormatOf` looks at. */
const HEAD_BYTES = 64;

interface Signature {
  readonly name: string;
  readonly matches: (head: string) => boolean;
}

const formats: readonly (Signature & { readonly name: ImageFormat })[] = [
  { name: "jpeg", matches: (head) => head.startsWith("\xff\xd8\xff") },
  { name: "png", matches: (head) => head.startsWith("\x89PNG\r\n\x1a\n") },
  { name: "webp", matches: (head) => head.startsWith("RIFF") && head.startsWith("WEBP", 8) },
  { name: "gif", matches: (head) => /^GIF8[79]a/.test(head) },
  { name: "tiff", matches: (head) => /^(II[*+]\0|MM\0[*+])/.test(head) },
  { name: "avif", matches: (head) => /^.{4}ftyp(?:.{4})*?avi[fs]/s.test(head) },
];

/** Files that people take for images, named in the message that refuses them. */
const others: readonly Signature[] = [
  { name: "a HEIC image", matches: (head) => /^.{4}ftyp(?:.{4})*?(heic|heix|hevc|mif1)/s.test(head) },
  { name: "a BMP image", matches: (head) => head.startsWith("BM") },
  { name: "a JPEG XL image", matches: (head) => head.startsWith("\xff\x0a") || head.startsWith("\0\0\0\x0cJXL ") },
  { name: "a JPEG 2000 image", matches: (head) => head.startsWith("\0\0\0\x0cjP  ") },
  { name: "a PDF", matches: (head) => head.startsWith("%PDF") },
  { name: "an SVG or another XML file", matches: (head) => /^(\xef\xbb\xbf)?\s*<(\?xml|svg|!doctype svg)/i.test(head) },
  { name: "an HTML page", matches: (head) => /^\s*<(!doctype html|html)/i.test(head) },
];

/** The format that a file's first bytes announce; undefined for all that recipes do not read. */
export function imageFormatOf(bytes: Uint8Array): ImageFormat | undefined {
  const head = headOf(bytes);
  return formats.find(({ matches }) => matches(head))?.name;
}

/** What the first bytes look like otherwise, for a message. */
export function otherFileKind(bytes: Uint8Array): string | undefined {
  const head = headOf(bytes);
  return others.find(({ matches }) => matches(head))?.name;
}

export function isImageFormat(value: unknown): value is ImageFormat {
  return imageFormats.includes(value as ImageFormat);
}

function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HEAD_BYTES)).toString("latin1");
}
