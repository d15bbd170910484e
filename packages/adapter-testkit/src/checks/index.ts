import type { Check } from "../check.js";
import { batchChecks } from "./batch-checks.js";
import { containerChecks } from "./container-checks.js";
import { inputChecks } from "./input-checks.js";
import { lifeChecks } from "./life-checks.js";
import { optionChecks } from "./option-checks.js";
import { ownershipChecks } from "./ownership-checks.js";
import { packageChecks } from "./package-checks.js";
import { processChecks } from "./process-checks.js";
import { runChecks } from "./run-checks.js";
import { storeChecks } from "./store-checks.js";
import { streamChecks } from "./stream-checks.js";

/** Every law of the contract, in the order in which an author of an adapter meets them. */
export const allChecks: readonly Check[] = [
  ...packageChecks,
  ...storeChecks,
  ...runChecks,
  ...batchChecks,
  ...streamChecks,
  ...inputChecks,
  ...ownershipChecks,
  ...optionChecks,
  ...containerChecks,
  ...lifeChecks,
  ...processChecks,
];
