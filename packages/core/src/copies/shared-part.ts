import { StateError } from "../errors/index.js";
import { COPIES_CONTRACT, ONE_COPY } from "./brand.js";
import { coreVersion } from "./core-version.js";

/** All copies of this package find it here, in each thread. Never change its members: any other release reads them. */
const KEY: unique symbol = Symbol.for("bentoml.core") as never;

interface CommonGround {
  readonly contract: number;
  /** Of the copy that came first. Asked for only when it must be told. */
  readonly version: () => string;
  readonly parts: Map<string, unknown>;
}

/**
 * State of which a thread has one, whatever number of copies of this package it loads: made by the copy that first wants it. Only for
 * plain data, and objects of interfaces that the contract holds still; each copy brings the code that works on it.
 *
 * @throws StateError of the code CORE_COPIES when a copy of another contract came first.
 */
export function sharedPart<Part>(name: string, make: () => Part): Part {
  const { parts } = commonGround();
  if (!parts.has(name)) parts.set(name, make());
  return parts.get(name) as Part;
}

function commonGround(): CommonGround {
  const thread = globalThis as unknown as { [KEY]: CommonGround | undefined };
  const ground = (thread[KEY] ??= { contract: COPIES_CONTRACT, version: coreVersion, parts: new Map<string, unknown>() });
  if (ground.contract === COPIES_CONTRACT) return ground;
  throw new StateError(
    `Two copies of bentoml-core are loaded that cannot work together: ${ground.version()} and ${coreVersion()} ` +
      `(their contracts are ${ground.contract} and ${COPIES_CONTRACT}). ${ONE_COPY}`,
    { code: "CORE_COPIES" },
  );
}
