/** What a body is: the value of a Content-Type. */
export interface MediaType {
  /** Such as "image/png", in lower case. */
  readonly name: string;
  /** Such as "charset", names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const TYPE = /^\s*([\w!#$&^.+-]+\/[\w!#$&^.+-]+)\s*(?:;|$)/;
const PARAMETER = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;

/** Reads a Content-Type; undefined for what is none. */
export function mediaTypeOf(header: string | undefined): MediaType | undefined {
  const name = TYPE.exec(header ?? "")?.[1];
  if (name === undefined) return undefined;
  const parameters: Record<string, string> = {};
  for (const [, key = "", quoted, plain] of (header as string).matchAll(PARAMETER)) {
    parameters[key.toLowerCase()] = quoted === undefined ? (plain ?? "") : quoted.replace(/\\(.)/g, "$1");
  }
  return { name: name.toLowerCase(), parameters };
}

/** Whether a type such as "image/png" is one of the patterns, such as "image/*". */
export function isOneOf(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => pattern === name || pattern === "*/*" || (pattern.endsWith("/*") && name.startsWith(pattern.slice(0, -1))));
}

/** Whether an Accept header asks for `name` by its own name, and likes it no less than `other`. */
export function prefers(accept: string | undefined, name: string, other: string): boolean {
  if (accept === undefined) return false;
  const liked = qualityOf(accept, name);
  return liked > 0 && liked >= qualityOf(accept, other);
}

function qualityOf(accept: string, name: string): number {
  for (const entry of accept.split(",")) {
    if (mediaTypeOf(entry)?.name !== name) continue;
    const quality = Number(/;\s*q\s*=\s*([\d.]+)/i.exec(entry)?.[1] ?? 1);
    return Number.isNaN(quality) ? 0 : quality;
  }
  return 0;
}
