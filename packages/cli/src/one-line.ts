/**
 * Text on one line and safe to show: line breaks and runs of blanks become one blank, other control characters are
 * spelled out. Names of a model.yaml come from strangers, and a terminal obeys escape sequences.
 */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}
