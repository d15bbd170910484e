/**
 * @typedef {object} Program A file that is made of blocks of one page: of one, and of those that continue it.
 * @property {string} page
 * @property {string} file Its name in the page's folder.
 * @property {string} text
 * @property {readonly Part[]} parts In their order.
 */

/** @typedef {{ block: import("./markdown-page.mjs").Block, firstLine: number, lastLine: number }} Part Lines of the program, from 1. */

const extensions = new Map([["ts", "ts"], ["typescript", "ts"], ["js", "js"], ["javascript", "js"], ["mjs", "mjs"]]);

/** A first line such as `// service.ts` or `// service.ts: what it is` names the file. */
const fileName = /^(?:\/\/|#) ([\w./-]+\.[a-z]+)(?::|$)/;

/** @param {import("./markdown-page.mjs").Block} block */
export function isProgramBlock({ language, markers }) {
  return extensions.has(language) && markers.from === undefined && markers.heldBy === undefined;
}

/**
 * A file of tests, which a command of the page runs.
 *
 * @param {Program} program
 */
export function isTest({ file }) {
  return /\.test\.\w+$/.test(file);
}

/** @param {import("./markdown-page.mjs").Block} block */
export function namedFile({ code }) {
  return fileName.exec(code.split("\n", 1)[0] ?? "")?.[1];
}

/**
 * @param {readonly import("./markdown-page.mjs").Block[]} blocks Of one page.
 * @param {(text: string) => string} [here] What stands in a file, of what stands on the page.
 * @returns {Program[]}
 * @throws When a block continues none, or two have one file.
 */
export function programsOf(blocks, here = (text) => text) {
  /** @type {(Program & { parts: Part[] })[]} */
  const programs = [];
  for (const block of blocks.filter(isProgramBlock)) {
    const { markers, code, line, page } = block;
    const text = here(`${markers.given}${code}\n${markers.then}`);
    const lines = text.split("\n").length - 1;
    if (markers.continues) {
      const last = programs.at(-1);
      if (last === undefined) throw new Error(`${page}:${line}: this block continues none.`);
      const firstLine = (last.parts.at(-1)?.lastLine ?? 0) + 1;
      last.parts.push({ block, firstLine, lastLine: firstLine + lines - 1 });
      last.text += text;
      continue;
    }
    const file = namedFile(block) ?? `block-${line}.${extensions.get(block.language)}`;
    if (programs.some((program) => program.file === file)) throw new Error(`${page}:${line}: another block of this page is ${file} already.`);
    programs.push({ page, file, text, parts: [{ block, firstLine: 1, lastLine: lines }] });
  }
  return programs;
}

/**
 * @param {Program} program
 * @param {number} line
 * @returns {import("./markdown-page.mjs").Block} The block that this line of the program is of.
 */
export function blockAt({ parts, file }, line) {
  const part = parts.find(({ lastLine }) => line <= lastLine) ?? parts.at(-1);
  if (part === undefined) throw new Error(`${file} is made of no block.`);
  return part.block;
}
