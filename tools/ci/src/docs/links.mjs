import { existsSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { repository } from "../repository.mjs";
import { readPage } from "./markdown-page.mjs";

/**
 * @param {import("./markdown-page.mjs").MarkdownPage} page
 * @returns {string[]} What is wrong with its links, a line for each. Of links to other sites only the form is looked at.
 */
export function brokenLinks(page) {
  return page.links.flatMap(({ url, line }) => {
    const fault = faultOf(page, url);
    return fault === undefined ? [] : [`${page.path}:${line}: ${url}: ${fault}`];
  });
}

/**
 * @param {import("./markdown-page.mjs").MarkdownPage} page
 * @param {string} url
 */
function faultOf(page, url) {
  if (/^[a-z][a-z+.-]*:/i.test(url)) return isAddress(url) ? undefined : "this is no address of http or https";
  const [target = "", anchor] = url.split("#");
  if (target === "") return anchorFault(page, anchor);
  if (target.startsWith("/")) return "a link inside the repository is relative";
  const path = posix.join(posix.dirname(page.path), decodeURI(target));
  if (path.startsWith("..")) return "this is outside of the repository";
  const place = join(repository, path);
  if (!existsSync(place)) return "there is no such file";
  if (anchor === undefined) return undefined;
  if (statSync(place).isDirectory() || !path.endsWith(".md")) return "only pages have anchors";
  return anchorFault(readPage(path), anchor);
}

/**
 * @param {import("./markdown-page.mjs").MarkdownPage} page
 * @param {string} [anchor]
 */
function anchorFault(page, anchor = "") {
  const anchors = anchorsOf(page);
  return anchors.has(anchor) ? undefined : `the page has no such heading, it has ${[...anchors].join(", ")}`;
}

/** @param {string} url */
function isAddress(url) {
  return /^(https?:\/\/|mailto:)/.test(url) && URL.canParse(url);
}

/**
 * The anchors of a page's headings, as GitHub makes them: in lower case, without what is no letter, number, hyphen or underscore, spaces as
 * hyphens; those that occur again are numbered.
 *
 * @param {import("./markdown-page.mjs").MarkdownPage} page
 * @returns {Set<string>}
 */
export function anchorsOf({ headings }) {
  /** @type {Set<string>} */
  const anchors = new Set();
  for (const { text } of headings) {
    const plain = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replaceAll(" ", "-");
    let anchor = plain;
    for (let number = 1; anchors.has(anchor); number++) anchor = `${plain}-${number}`;
    anchors.add(anchor);
  }
  return anchors;
}
