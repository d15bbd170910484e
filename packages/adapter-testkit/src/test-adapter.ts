import type { LeftOut } from "./ability.js";
import { readAdapterPackage } from "./adapter-package.js";
import type { AdapterTestOptions, AnyAdapterTestOptions, TestFunction } from "./adapter-test-options.js";
import { allChecks } from "./checks/index.js";
import type { Check } from "./check.js";
import { AdapterContractError } from "./contract-error.js";
import { Workshop } from "./workshop.js";

/**
 * Defines a test for each law that an adapter keeps, with the caller's own `test`. The adapter must be built: its Runnable is
 * imported by worker threads and its package by child processes. Each test has a model store of its own and leaves nothing
 * behind; they may run in any order, one by one or at the same time. A test takes up to a few seconds.
 *
 * @throws AdapterContractError at once when `packageFolder` has no package.json, or there are no samples.
 */
export function testAdapter<Native, RunnerExtras extends object, SaveExtras extends object>(
  options: AdapterTestOptions<Native, RunnerExtras, SaveExtras>,
): void {
  // What is known of one adapter's types says nothing to the checks, which hand on what they are given.
  const given = options as unknown as AnyAdapterTestOptions;
  const adapterPackage = readAdapterPackage(given.packageFolder);
  checkSamples(given);
  const { test, leftOut = {} } = given;
  const define = (): void => {
    for (const check of allChecks) {
      const reason = reasonFor(check, leftOut);
      if (reason === undefined) test(check.law, () => Workshop.use(given, adapterPackage, (workshop) => check.run(workshop)));
      else skip(test, `${check.law} (left out: ${reason})`);
    }
  };
  if (given.describe === undefined) define();
  else given.describe(`${adapterPackage.name} keeps the adapter contract`, define);
}

function reasonFor({ needs = [] }: Check, leftOut: LeftOut): string | undefined {
  return needs.map((ability) => leftOut[ability]).find((reason) => reason !== undefined);
}

function skip(test: TestFunction, name: string): void {
  const nothing = (): Promise<void> => Promise.resolve();
  if (test.skip === undefined) test(name, nothing);
  else test.skip(name, nothing);
}

function checkSamples({ models }: AnyAdapterTestOptions): void {
  if (models.length === 0) throw new AdapterContractError('"models" is empty: give at least one small model with a call.');
  for (const { name, calls } of models) {
    if (calls.length === 0) throw new AdapterContractError(`The sample "${name}" has no calls: give at least one, with its answer.`);
  }
}
