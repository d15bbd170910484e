/**
 * What comments above a block of code say of it. They are for this check alone: readers of the page do not see them.
 *
 * @typedef {object} Markers
 * @property {boolean} continues `<!-- docs: continues -->`: it goes on with the block of its language before it.
 * @property {string} given `<!-- docs: given`, lines, `-->`: code that is put in front of it.
 * @property {string} then `<!-- docs: then`, lines, `-->`: code that is put behind it.
 * @property {string | undefined} notRun `<!-- docs: not run: reason -->`
 * @property {string | undefined} heldBy `<!-- docs: held by path -->`: a test that runs it, and names the page or its folder.
 * @property {string | undefined} from `<!-- docs: from path -->`: it is a part of that file, word for word.
 */

const form = /^<!-- docs: (continues|given|then|not run:|held by|from)(?:\n([^]*?)\n| ?([^\n]*?) )-->$/;

/**
 * @param {readonly string[]} comments
 * @param {string} place For messages.
 * @returns {Markers}
 */
export function readMarkers(comments, place) {
  /** @type {Markers} */
  const markers = { continues: false, given: "", then: "", notRun: undefined, heldBy: undefined, from: undefined };
  for (const comment of comments) {
    const [, word, lines = "", rest = ""] = form.exec(comment) ?? [];
    if (word === "continues" && lines === "" && rest === "") markers.continues = true;
    else if (word === "given" && lines !== "") markers.given += `${lines}\n`;
    else if (word === "then" && lines !== "") markers.then += `${lines}\n`;
    else if (word === "not run:" && rest !== "") markers.notRun = rest;
    else if (word === "held by" && rest !== "") markers.heldBy = rest;
    else if (word === "from" && rest !== "") markers.from = rest;
    else throw new Error(`${place}: ${comment} is no marker; they are "continues", "given" and "then" with lines, "not run: reason", "held by path" and "from path".`);
  }
  return markers;
}
