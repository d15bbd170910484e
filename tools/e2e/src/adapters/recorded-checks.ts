import { testAdapter, type AdapterTestOptions } from "bentoml-adapter-testkit";
import type { LinearAdapter, LinearOptions } from "./reference/index.js";
import type { LinearModel } from "./reference/linear-model.js";
import type { BuiltAdapters } from "./build-adapters.js";
import { linearSamples, tableSample, unsavable } from "./linear-samples.js";

export interface BrokenLaw {
  readonly law: string;
  readonly message: string;
}

/** An adapter to check: its module below `adapters/`, and what differs from the reference's package. */
export interface Variant {
  readonly module: string;
  readonly manifest?: object;
  readonly exported?: string;
  /** Its container, and the class of the container's values that the module exports. */
  readonly container?: { readonly name: string; readonly type: string };
  readonly options?: Partial<LinearTestOptions>;
}

export interface Outcome {
  readonly broken: readonly BrokenLaw[];
  readonly checked: number;
}

export type LinearTestOptions = AdapterTestOptions<LinearModel, LinearOptions, object>;

/** Runs the kit on an adapter with a `test` that records; answers which laws it broke, and how many were checked. */
export async function brokenLawsOf(built: BuiltAdapters, { module, manifest, exported, container, options }: Variant, laws?: readonly string[]): Promise<Outcome> {
  const packageFolder = await built.install(module, manifest, exported);
  const loaded = (await import(built.urlOf(module))) as { readonly adapter: LinearAdapter } & Readonly<Record<string, unknown>>;
  const { Table } = (await import(built.urlOf("reference/table-container"))) as { readonly Table: typeof import("./reference/table-container.js").Table };
  const type = container === undefined ? Table : (loaded[container.type] as typeof Table);
  const complete = {
    adapter: () => loaded.adapter,
    packageFolder,
    models: linearSamples,
    unsavable,
    containers: [tableSample(container?.name ?? "TableContainer", type)],
    invalidOptions: [{ options: { digits: 8 }, names: "digits" }],
    nativePackages: ["linear-engine"],
    ...options,
  };
  return record(complete, laws);
}

/** Checks work apart from each other, and wait for disks, threads and processes most of the time. */
const AT_ONCE = 4;

/** All laws, or some of them. */
async function record(options: Omit<LinearTestOptions, "test">, laws: readonly string[] | undefined): Promise<Outcome> {
  const checks: { law: string; run: () => Promise<void> }[] = [];
  testAdapter({ ...options, test: (law, run) => checks.push({ law, run }) });
  const chosen = checks.filter(({ law }) => laws?.includes(law) !== false);
  const broken: BrokenLaw[] = [];
  const waiting = chosen.values();
  const runAll = async (): Promise<void> => {
    for (const { law, run } of waiting) await run().catch((error: unknown) => broken.push({ law, message: String(error) }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runAll));
  return { broken, checked: chosen.length };
}
