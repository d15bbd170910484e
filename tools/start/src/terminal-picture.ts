/** Size of a character cell in the picture, px, and the space around the text. */
const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 20;
const MARGIN = 24;
const FONT_SIZE = 14;

/** An SVG picture of what a program printed, as a terminal would show it. Needs no font but the reader's own monospaced one. */
export function terminalPicture(text: string): string {
  const lines = text.replace(/\s+$/, "").split("\n");
  const columns = Math.max(...lines.map((line) => Array.from(line).length));
  const width = Math.ceil(columns * CELL_WIDTH + 2 * MARGIN);
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN;
  const rows = lines.map((line, index) => (line.trim() === "" ? "" : textRow(line, MARGIN + (index + 1) * LINE_HEIGHT - LINE_HEIGHT / 4)));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}" role="img">`,
    `<rect width="100%" height="100%" rx="8" fill="#16181d"/>`,
    `<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${String(FONT_SIZE)}" fill="#d7dae0" xml:space="preserve">`,
    ...rows.filter((row) => row !== ""),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** `textLength` keeps columns under each other whatever the font's own width is. */
function textRow(line: string, y: number): string {
  const length = (Array.from(line).length * CELL_WIDTH).toFixed(1);
  const colour = line.includes("✔") ? ' fill="#8fd694"' : line.includes("─") ? ' fill="#5c6370"' : "";
  return `<text x="${String(MARGIN)}" y="${String(y)}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${colour}>${escaped(line)}</text>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
