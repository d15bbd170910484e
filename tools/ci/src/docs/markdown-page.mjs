import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromMarkdown } from "mdast-util-from-markdown";
import { repository } from "../repository.mjs";
import { readMarkers } from "./markers.mjs";

/**
 * @typedef {object} Block A fenced block of code.
 * @property {string} page The page's path in the repository.
 * @property {number} line The line on which its code begins, from 1.
 * @property {string} language What stands behind the fence, or "" when nothing does.
 * @property {string} code
 * @property {import("./markers.mjs").Markers} markers What the comments above it say.
 */

/** @typedef {{ text: string, line: number }} Heading */
/** @typedef {{ url: string, line: number }} Link */

/** @typedef {object} MarkdownPage
 * @property {string} path In the repository, with `/`.
 * @property {readonly Block[]} blocks
 * @property {readonly Heading[]} headings
 * @property {readonly Link[]} links Of links, images and definitions.
 */

/**
 * @param {string} path In the repository.
 * @returns {MarkdownPage}
 */
export function readPage(path) {
  return parsePage(path, readFileSync(join(repository, path), "utf8"));
}

/**
 * @param {string} path
 * @param {string} text
 * @returns {MarkdownPage}
 * @throws When a marker is none, or stands above no block.
 */
export function parsePage(path, text) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {Heading[]} */
  const headings = [];
  /** @type {Link[]} */
  const links = [];
  /** @param {import("mdast").Nodes} node */
  const visit = (node) => {
    const line = node.position?.start.line ?? 0;
    if (node.type === "heading") headings.push({ text: textOf(node), line });
    if (node.type === "link" || node.type === "image" || node.type === "definition") links.push({ url: node.url, line });
    if ("children" in node) {
      blocks.push(...blocksAmong(path, node.children));
      node.children.forEach(visit);
    }
  };
  visit(fromMarkdown(text));
  blocks.sort((one, other) => one.line - other.line);
  return { path, blocks, headings, links };
}

/**
 * @param {string} page
 * @param {readonly import("mdast").Nodes[]} nodes Neighbours, in order.
 * @returns {Block[]}
 */
function blocksAmong(page, nodes) {
  /** @type {string[]} */
  let comments = [];
  /** @type {Block[]} */
  const blocks = [];
  for (const node of nodes) {
    if (node.type === "html" && /^<!-- docs:/.test(node.value)) {
      comments.push(node.value);
      continue;
    }
    const line = (node.position?.start.line ?? 0) + 1;
    if (node.type === "code") blocks.push({ page, line, language: node.lang ?? "", code: node.value, markers: readMarkers(comments, `${page}:${line}`) });
    else if (comments.length > 0) throw new Error(`${page}:${line}: a comment "docs:" stands above something that is no block of code.`);
    comments = [];
  }
  return blocks;
}

/**
 * @param {import("mdast").Nodes} node
 * @returns {string}
 */
function textOf(node) {
  if ("value" in node) return node.type === "html" ? "" : node.value;
  if ("alt" in node) return node.alt ?? "";
  return "children" in node ? node.children.map(textOf).join("") : "";
}
