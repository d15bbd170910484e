import { StateError } from "../errors/index.js";
import { coreVersion } from "./core-version.js";

/**
 * Version of what copies of this package share: the members of NdArray and Params, the DataContainer interface, the tables of
 * containers, and the other parts of `sharedPart`. Two copies of one contract work together, whatever their releases; others are
 * refused. Raise it when one of these changes so that an older copy would go wrong.
 */
export const COPIES_CONTRACT = 1;

/**
 * For a value whose brand is not COPIES_CONTRACT: false when it has none.
 *
 * @throws StateError of the code CORE_COPIES when a copy of another contract made the value, which would be read wrongly here.
 */
export function isOfAnotherContract(contract: unknown, what: string): false {
  if (contract === undefined) return false;
  throw new StateError(
    `This ${what} was made by another copy of bentoml-core, of a release that bentoml-core ${coreVersion()} cannot work with ` +
      `(its contract is ${shownContract(contract)}, here it is ${COPIES_CONTRACT}). ${ONE_COPY}`,
    { code: "CORE_COPIES" },
  );
}

/** The cure for a program that has two copies. */
export const ONE_COPY =
  'Have one copy: "npm ls bentoml-core" shows who brings another, "npm dedupe" or an update of that package removes it. ' +
  'Adapters list bentoml-core in "peerDependencies" only.';

function shownContract(contract: unknown): string {
  return typeof contract === "number" ? String(contract) : "unknown";
}
