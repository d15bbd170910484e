/** Size of a character cell in the picture, px, and the space around the text. */
const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 20;
const MARGIN = 24;
const FONT_SIZE = 14;

/** An SVG picture of what a program printed, as a terminal would show it. Needs no font but the reader's own monospaced one. */
export function terminalPicture(text: string): string {
  const lines = text.replace(/^\s*\n|\s+$/g, "").split("\n");
  const columns = Math.max(...lines.map((line) => Array.from(line).length));
  const width = Math.ceil(columns * CELL_WIDTH + 2 * MARGIN);
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const pieces = lines.flatMap((line, index) => piecesOf(line).map((piece) => drawn(piece, MARGIN + (index + 0.75) * LINE_HEIGHT)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img">`,
    `<rect width="100%" height="100%" rx="8" fill="#16181d"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${String(FONT_SIZE)}" fill="#d7dae0" xml:space="preserve">`,
    ...pieces,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

interface Piece {
  readonly column: number;
  readonly text: string;
}

/** Text between gaps of two spaces or more: each is drawn at its own column, so that tables stay tables in any font. */
function piecesOf(line: string): Piece[] {
  return [...line.matchAll(/\S+(?: \S+)*/g)].map((match) => ({ column: Array.from(line.slice(0, match.index)).length, text: match[0] }));
}

function drawn({ column, text }: Piece, y: number): string {
  const x = (MARGIN + column * CELL_WIDTH).toFixed(1);
  const length = (Array.from(text).length * CELL_WIDTH).toFixed(1);
  const colour = text.includes("✔") ? ' fill="#8fd694"' : text.includes("─") ? ' fill="#5c6370"' : "";
  return `<text x="${x}" y="${String(y)}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${colour}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
