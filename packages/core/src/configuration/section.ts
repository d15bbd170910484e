/** A configuration, or a part of one: nested mappings. */
export type Section = Readonly<Record<string, unknown>>;

export function isSection(value: unknown): value is Section {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The value at a path; undefined where there is none. */
export function valueAt(section: Section, path: readonly string[]): unknown {
  let value: unknown = section;
  for (const key of path) value = isSection(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** The section with a value at a path; sections on the way are made. */
export function withValue(section: Section, [key = "", ...rest]: readonly string[], value: unknown): Section {
  if (rest.length === 0) return { ...section, [key]: value };
  const inner = section[key];
  return { ...section, [key]: withValue(isSection(inner) ? inner : {}, rest, value) };
}

/** The section less what is at a path. */
export function without(section: Section, [key = "", ...rest]: readonly string[]): Section {
  if (rest.length === 0) return Object.fromEntries(Object.entries(section).filter(([name]) => name !== key));
  const inner = section[key];
  return isSection(inner) ? { ...section, [key]: without(inner, rest) } : section;
}

/** Both sections in one, deeply; `upper` wins. A null of `upper` stands: it asks for the default. Lists are not joined. */
export function merge(lower: Section, upper: Section): Section {
  const merged: Record<string, unknown> = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    const below = merged[key];
    merged[key] = isSection(below) && isSection(value) ? merge(below, value) : value;
  }
  return merged;
}
