import { isBentoMLError, type BentoMLError } from "bentoml-core";
import { AdapterContractError, broken, holds, shown } from "./contract-error.js";

/** What an error must be. */
export interface Refusal {
  /** Class of bentoml-core; one that extends it will do. */
  readonly errorClass: "BentoMLError" | "InvalidArgumentError" | "InvalidModelError" | "MissingDependencyError" | "ModelExistsError" | "ModelNotFoundError" | "NotFoundError" | "RunnerNotInitializedError";
  /** What the message must hold. */
  readonly names?: string;
}

/**
 * The error that `work` throws or rejects with.
 *
 * @throws AdapterContractError when it succeeds, or the error is of another class or does not name what it should.
 */
export async function refusalOf(what: string, work: () => unknown, wanted: Refusal): Promise<BentoMLError> {
  let answer: unknown;
  try {
    answer = await work();
  } catch (error) {
    return checkedRefusal(what, error, wanted);
  }
  return broken(`${what} was accepted (the answer is ${typeof answer}); throw ${wanted.errorClass} from bentoml-core instead.`);
}

/** The error itself when it is as wanted. */
export function checkedRefusal(what: string, error: unknown, { errorClass, names }: Refusal): BentoMLError {
  if (error instanceof AdapterContractError) throw error;
  if (!isBentoMLError(error) || !classNames(error).includes(errorClass)) {
    broken(`${what} must be refused with ${errorClass} from bentoml-core, but it threw ${shown(error)}`, error);
  }
  holds(
    names === undefined || error.message.includes(names),
    `${what} was refused with ${errorClass}, but the message does not name "${String(names)}", so a user cannot tell what to mend: ${error.message}`,
  );
  return error;
}

/** By name: the adapter may have a copy of core of its own. */
function classNames(error: object): string[] {
  const names: string[] = [];
  for (let prototype: unknown = Object.getPrototypeOf(error); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    names.push((prototype as { constructor: { name: string } }).constructor.name);
  }
  return names;
}
