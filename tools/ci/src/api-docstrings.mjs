import { relative } from "node:path";
import { repository } from "./repository.mjs";

/**
 * What is known of the docstrings of a public API.
 *
 * @typedef {object} Docstrings
 * @property {string[]} missing Exports and members without one, each with its place.
 * @property {string[]} deadLinks `{@link …}` and `{@inheritDoc …}` of what is not there, each with its place.
 * @property {InheritedDocstring[]} inherited
 */

/**
 * The docstring of a member that says nothing itself, but overrides or implements one that does.
 *
 * @typedef {object} InheritedDocstring
 * @property {string} owner Name of the class or interface.
 * @property {string} member
 * @property {string} text
 */

const deadLinkIds = new Set(["ae-unresolved-link", "ae-unresolved-inheritdoc-reference", "ae-unresolved-inheritdoc-base"]);

/**
 * @param {import("./api-extraction.mjs").ApiExtraction} extraction
 * @returns {Docstrings}
 */
export function docstringsOf({ findings, program }) {
  /** @type {Docstrings} */
  const docstrings = { missing: [], deadLinks: [], inherited: [] };
  for (const finding of findings) {
    if (deadLinkIds.has(finding.id)) docstrings.deadLinks.push(`${finding.text} (${placeOf(finding)})`);
    if (finding.id !== "ae-undocumented") continue;
    const member = memberAt(program, finding);
    if (member.text === "") docstrings.missing.push(`${[member.owner, member.member].filter(Boolean).join(".")} (${placeOf(finding)})`);
    else docstrings.inherited.push(member);
  }
  return docstrings;
}

/**
 * Puts inherited docstrings into a model, so that pages made of it have them.
 *
 * @param {import("./api-extraction.mjs").ApiItem} model
 * @param {readonly InheritedDocstring[]} inherited
 */
export function addInherited(model, inherited) {
  const exported = model.members?.flatMap((entryPoint) => entryPoint.members ?? []) ?? [];
  for (const { owner, member, text } of inherited) {
    const items = exported.filter(({ name }) => name === owner).flatMap(({ members }) => members ?? []);
    for (const item of items) {
      if (item.name === member && (item.docComment ?? "") === "") item.docComment = `/**\n${text.replace(/^/gm, " * ").replace(/ +$/gm, "")}\n */\n`;
    }
  }
}

/**
 * The declaration that a finding is about, with what the compiler knows of it: docstrings of overridden members too.
 *
 * @param {import("typescript").Program} program
 * @param {import("./api-extraction.mjs").Finding} finding
 * @returns {InheritedDocstring}
 */
function memberAt(program, { file = "", line, column }) {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${file} is not in the program that API Extractor read.`);
  const declaration = declarationAt(source, source.getPositionOfLineAndCharacter(line - 1, column - 1));
  const { symbol, parent } = declaration;
  const checker = program.getTypeChecker();
  const text = symbol.getDocumentationComment(checker).map((part) => part.text).join("");
  const tags = symbol.getJsDocTags(checker).map((tag) => `\n\n@${tag.name} ${(tag.text ?? []).map((part) => part.text).join("")}`);
  return { owner: nameOf(parent), member: nameOf(declaration), text: text === "" ? "" : [text, ...tags].join("") };
}

/**
 * The outermost declaration that begins at a position.
 *
 * @param {import("typescript").SourceFile} source
 * @param {number} position
 * @returns {Declared}
 */
function declarationAt(source, position) {
  /** @type {(node: import("typescript").Node) => import("typescript").Node | undefined} */
  const search = (node) => {
    if ("symbol" in node && node.symbol !== undefined && node.getStart(source) === position) return node;
    return position < node.pos || position >= node.end ? undefined : node.forEachChild(search);
  };
  const found = source.forEachChild(search);
  if (found === undefined) throw new Error(`No declaration begins at ${position} of ${source.fileName}.`);
  return /** @type {Declared} */ (found);
}

/** @typedef {import("typescript").Node & { readonly symbol: import("typescript").Symbol }} Declared */

/** @param {import("typescript").Node} node */
function nameOf(node) {
  const { name } = /** @type {{ name?: import("typescript").Node }} */ (/** @type {unknown} */ (node));
  return name?.getText() ?? "";
}

/** @param {import("./api-extraction.mjs").Finding} finding */
function placeOf({ file, line }) {
  return `${relative(repository, file ?? "")}:${line}`;
}
