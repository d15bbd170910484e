/** A call that a snippet makes. */
export interface SnippetCall {
  readonly url: string;
  readonly contentType: string;
  /** As text: what is pasted sends the same bytes. */
  readonly body: string;
  /** The server wants a token, which the reader has in `$BENTOML_TOKEN`: none is ever written out. */
  readonly needsToken: boolean;
}

/** Longer bodies are read from a file: nobody pastes them. */
export const LONGEST_BODY = 20_000;

/** Name of the file that long bodies are read from. */
export function bodyFile({ contentType }: SnippetCall): string {
  return contentType.includes("json") ? "body.json" : "body.txt";
}

/** For a POSIX shell. The body comes by a here-document that the shell does not look into, so that it may hold anything. */
export function curlSnippet(call: SnippetCall): string {
  const isLong = call.body.length > LONGEST_BODY;
  const lines = [
    `curl -s ${shellQuoted(call.url)}`,
    `-H ${shellQuoted(`Content-Type: ${call.contentType}`)}`,
    ...(call.needsToken ? ['-H "Authorization: Bearer $BENTOML_TOKEN"'] : []),
    isLong ? `--data-binary @${bodyFile(call)}` : `--data-binary @- <<'END'\n${withoutEnd(call.body)}\nEND`,
  ];
  return lines.join(" \\\n  ");
}

/** For Node.js 20 and later, and browsers. */
export function typescriptSnippet(call: SnippetCall): string {
  const isLong = call.body.length > LONGEST_BODY;
  const isJson = call.contentType.includes("json");
  const body = isLong ? `await readFile(${JSON.stringify(bodyFile(call))}, "utf8")` : isJson ? `JSON.stringify(${indented(call.body)})` : JSON.stringify(call.body);
  return [
    ...(isLong ? ['import { readFile } from "node:fs/promises";', ""] : []),
    `const response = await fetch(${JSON.stringify(call.url)}, {`,
    '  method: "POST",',
    call.needsToken
      ? `  headers: { "Content-Type": ${JSON.stringify(call.contentType)}, Authorization: \`Bearer \${process.env.BENTOML_TOKEN}\` },`
      : `  headers: { "Content-Type": ${JSON.stringify(call.contentType)} },`,
    `  body: ${body},`,
    "});",
    "if (!response.ok) throw new Error(await response.text());",
    "",
    "console.log(await response.text());",
    "",
  ].join("\n");
}

/** Here-documents end at a line that is END: such a line gets a space, which JSON does not mind. */
function withoutEnd(body: string): string {
  return body.replace(/^END$/gm, "END ");
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** JSON as an object literal: every JSON text is an expression. A `__proto__` key would be none, and stays a text. */
function indented(body: string): string {
  if (body.includes("__proto__")) return `JSON.parse(${JSON.stringify(body)})`;
  return body.replaceAll("\n", "\n  ");
}
