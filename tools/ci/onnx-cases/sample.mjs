import { createHash } from "node:crypto";

/**
 * Some of the cases, always the same for one seed, in the order they were in.
 *
 * @template {{ name: string }} Named
 * @param {readonly Named[]} cases
 * @param {number} count All when it is more than there are.
 * @param {number} seed
 * @returns {Named[]}
 */
export function sampleOf(cases, count, seed) {
  const ranked = [...cases].sort((one, other) => compare(rank(one.name, seed), rank(other.name, seed)));
  const chosen = new Set(ranked.slice(0, count));
  return cases.filter((each) => chosen.has(each));
}

/**
 * @param {string} name
 * @param {number} seed
 */
function rank(name, seed) {
  return createHash("sha256").update(`${seed} ${name}`).digest("hex");
}

/**
 * @param {string} one
 * @param {string} other
 */
function compare(one, other) {
  return one < other ? -1 : 1;
}
