/** JSON with line breaks and every digit as it came: integers of 64 bits would lose some on the way through a number. */
export function prettyJson(text: string): string {
  const open: string[] = [];
  const breakLine = (): string => `\n${"  ".repeat(open.filter((bracket) => bracket === "{").length)}`;
  let written = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g)) {
    if (token === "{" || token === "[") open.push(token);
    if (token === "}" || token === "]") open.pop();
    if (token === "{") written += `{${breakLine()}`;
    else if (token === "}") written += `${breakLine()}}`;
    // Values of a list stay on one line.
    else if (token === ",") written += open.at(-1) === "[" ? ", " : `,${breakLine()}`;
    else written += token === ":" ? ": " : token;
  }
  return written;
}
