const MOST_CHARACTERS = 200;

/** A value as JSON for an error message, cut short: what a stranger sends must not fill the log. */
export function shownJson(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
