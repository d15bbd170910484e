import type { StoredModel } from "../models/index.js";
import type { RunnerMethod } from "./runner-method.js";

/** What every runner is, wherever its model runs. */
export abstract class AbstractRunner {
  abstract readonly name: string;
  abstract readonly models: readonly StoredModel[];
  abstract readonly embedded: boolean;
  /** Every method by name. */
  abstract readonly methods: Readonly<Record<string, RunnerMethod>>;
  /** Makes this thread run the model. */
  abstract initLocal(options?: { readonly quiet?: boolean }): Promise<this>;
  abstract destroy(): Promise<void>;
}
