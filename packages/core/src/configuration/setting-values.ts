import { isSection, valueAt, type Section } from "./section.js";

const MS_PER_SECOND = 1000;

/** The readers of settings that were checked: null, like nothing at all, is the default. */
export function numberAt(settings: Section, path: readonly string[]): number | undefined {
  return (valueAt(settings, path) as number | null | undefined) ?? undefined;
}

export function textAt(settings: Section, path: readonly string[]): string | undefined {
  return (valueAt(settings, path) as string | null | undefined) ?? undefined;
}

/** The original's files give times in seconds, our code takes milliseconds. */
export function secondsAsMs(settings: Section, path: readonly string[], byDefault: number): number {
  return (numberAt(settings, path) ?? byDefault) * MS_PER_SECOND;
}

export function flagAt(settings: Section, path: readonly string[], byDefault: boolean): boolean {
  return (valueAt(settings, path) as boolean | null | undefined) ?? byDefault;
}

/** A text stands for a list of one. */
export function textsAt(settings: Section, path: readonly string[]): readonly string[] {
  const value = valueAt(settings, path) as string | readonly string[] | null | undefined;
  return typeof value === "string" ? [value] : (value ?? []);
}

export function sectionAt(settings: Section, path: readonly string[]): Section {
  const value = valueAt(settings, path);
  return isSection(value) ? value : {};
}
