import { coreVersion } from "../copies/index.js";
import { StateError } from "../errors/index.js";

/** The versions of the contract between core and adapters that this core speaks, and whose adapters it runs without a change. */
export const spokenVersions: SpokenVersions = { oldest: 1, newest: 1 };

export interface SpokenVersions {
  readonly oldest: number;
  readonly newest: number;
}

const VERSION = /^v(\d{1,9})$/;
const LONGEST_SHOWN = 40;

export interface ContractTrouble {
  /** To come after the adapter's name. */
  readonly reason: string;
  /** Such as "Update bentoml-core: npm i bentoml-core@latest." */
  readonly cure: string;
}

/** Why core does not speak the version that an adapter is written for; undefined when it does. */
export function contractTrouble(declared: unknown, adapter: string, spoken: SpokenVersions = spokenVersions): ContractTrouble | undefined {
  const number = versionNumber(declared);
  if (number !== undefined && number >= spoken.oldest && number <= spoken.newest) return undefined;
  const reason = `is an adapter of version ${shownVersion(declared)}, and bentoml-core ${coreVersion()} speaks ${shownRange(spoken)}`;
  const outdated = number !== undefined && number > spoken.newest ? "bentoml-core" : adapter;
  return { reason, cure: `Update ${outdated}: npm i ${outdated}@latest.` };
}

/** @throws StateError of the code ADAPTER_VERSION that says which package to update. */
export function checkContract(declared: unknown, adapter: string): void {
  const trouble = contractTrouble(declared, adapter);
  if (trouble !== undefined) throw new StateError(`${adapter} ${trouble.reason}. ${trouble.cure}`, { code: "ADAPTER_VERSION" });
}

/** 2 of `"v2"`; undefined for anything else. */
export function versionNumber(version: unknown): number | undefined {
  const match = typeof version === "string" ? VERSION.exec(version) : null;
  return match === null ? undefined : Number(match[1]);
}

function shownVersion(version: unknown): string {
  return (JSON.stringify(version) as string | undefined)?.slice(0, LONGEST_SHOWN) ?? "undefined";
}

function shownRange({ oldest, newest }: SpokenVersions): string {
  return oldest === newest ? `"v${newest}"` : `"v${oldest}" to "v${newest}"`;
}
