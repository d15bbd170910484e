/** Likeness from which a key is suggested: about one letter in four is another. */
const LIKE = 0.5;

/** `, did you mean "max_batch_size"?`, or nothing when no allowed key is like the given one. */
export function didYouMean(given: string, allowed: readonly string[]): string {
  const near = nearKey(given, allowed);
  return near === undefined ? "" : `, did you mean "${near}"?`;
}

/** The allowed key that someone who wrote `given` may have meant; `maxBatchSize` and `max-batch-size` mean `max_batch_size`. */
export function nearKey(given: string, allowed: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestLikeness = LIKE;
  for (const key of allowed) {
    const likeness = likenessOf(letters(given), letters(key));
    if (likeness >= bestLikeness) [best, bestLikeness] = [key, likeness];
  }
  return best;
}

function letters(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Share of pairs of neighbouring letters that both have (Sørensen–Dice), 0 to 1. Swapped letters, as in `prot`, are no difference. */
function likenessOf(left: string, right: string): number {
  if (sorted(left) === sorted(right)) return 1;
  const own = pairsOf(left);
  const others = pairsOf(right);
  const total = own.length + others.length;
  let shared = 0;
  for (const pair of own) {
    const index = others.indexOf(pair);
    if (index === -1) continue;
    others.splice(index, 1);
    shared++;
  }
  return (2 * shared) / total;
}

function sorted(text: string): string {
  return Array.from(text).sort().join("");
}

/** Padded, so that the first and the last letter count as much as the others and short keys have pairs too. */
function pairsOf(text: string): string[] {
  const padded = ` ${text} `;
  return Array.from({ length: padded.length - 1 }, (_, index) => padded.slice(index, index + 2));
}
