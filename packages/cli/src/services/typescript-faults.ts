/** What Node says of TypeScript that it cannot take as it is: other syntax than types, or imports without the file's own ending. */
const FAULTS: readonly unknown[] = ["ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX", "ERR_UNKNOWN_FILE_EXTENSION", "ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"];

/** Whether the file of a service that could not be imported may be imported when it is translated before. */
export function needsTranspiler(error: unknown): boolean {
  return FAULTS.includes((error as { causeCode?: unknown } | null)?.causeCode);
}

export function isTypeScript(file: string): boolean {
  return /\.[mc]?ts$/.test(file);
}

/** Whether this Node takes TypeScript by itself: 22.18 and above, unless that is switched off. */
export function nodeTakesTypeScript(features: object = process.features): boolean {
  const { typescript } = features as { readonly typescript?: unknown };
  return typescript === "strip" || typescript === "transform";
}
