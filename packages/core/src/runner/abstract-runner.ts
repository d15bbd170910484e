import { InvalidArgumentError } from "../errors/index.js";
import { shown } from "../configuration/index.js";
import type { RunnerHandle } from "../handles/index.js";
import type { StoredModel } from "../models/index.js";
import type { RemoteRunnerOptions } from "../remote/index.js";
import type { ResourceRequest } from "../resources/index.js";
import type { RunnableClass, RunnableReference } from "./runnable.js";
import type { MethodFields } from "./runner-method.js";
import { runnerName } from "./runner-name.js";

/** A class of handles; the runner is the first argument of its constructor. */
export type RunnerHandleClass<Args extends readonly unknown[] = readonly []> = new (runner: AbstractRunner, ...args: Args) => RunnerHandle;

/** What a runner is made of. */
export interface AbstractRunnerFields {
  /** Lowered, with a warning; valid as the name of a tag. */
  readonly name: string;
  /** The models that it needs. */
  readonly models: readonly StoredModel[];
  /** Wanted amounts by kind of resource; undefined wants all that the machine has. */
  readonly resourceConfig: ResourceRequest | undefined;
  /** The class that it runs, or where that class is found. */
  readonly runnableClass: RunnableClass | RunnableReference;
  /** Runs in the thread of its callers. */
  readonly embedded: boolean;
}

/**
 * What every runner is, wherever its model runs. An adapter whose models run elsewhere, such as on a server of another make, extends
 * it; `Runner` is the one that runs Runnables.
 */
export abstract class AbstractRunner implements AbstractRunnerFields {
  readonly name: string;
  readonly models: readonly StoredModel[];
  readonly resourceConfig: ResourceRequest | undefined;
  /** The class that it runs, or where that class is found. */
  readonly runnableClass: RunnableClass | RunnableReference;
  /** Runs in the thread of its callers. */
  readonly embedded: boolean;
  /** Every method by name. */
  abstract readonly methods: Readonly<Record<string, MethodFields>>;

  /** @throws InvalidArgumentError for a name that no tag can have, and for models that are none. */
  constructor({ name, models, resourceConfig, runnableClass, embedded }: AbstractRunnerFields) {
    this.name = runnerName(name, "");
    this.models = checkedModels(models, this.name);
    this.resourceConfig = resourceConfig;
    this.runnableClass = runnableClass;
    this.embedded = embedded;
  }

  /** Makes this thread run the model. */
  abstract initLocal(options?: { readonly quiet?: boolean }): Promise<this>;
  /** Sends the calls to a runner server, to a handle, or to a new one of a class. */
  abstract initClient(handle?: RemoteRunnerOptions | RunnerHandle | RunnerHandleClass<never>, ...args: readonly unknown[]): Promise<this>;
  /** Lets go of the handle. Calls throw until an explicit init. */
  abstract destroy(): Promise<void>;
  /** Whether a call would be run now; waits up to `timeoutMs` for it. */
  abstract runnerHandleIsReady(timeoutMs?: number): Promise<boolean>;

  /** `await using runner = …` destroys it at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}

/** By its members and not by its class, so that models of another installed copy of this package are taken too. */
function checkedModels(given: unknown, runner: string): readonly StoredModel[] {
  const models: readonly unknown[] | undefined = Array.isArray(given) ? given : undefined;
  if (models?.every(isModel) === true) return Object.freeze([...models]);
  throw new InvalidArgumentError(`The models of runner "${runner}" must be a list of stored models, as store.get("name:version") gives them; got ${shown(given)}.`);
}

function isModel(value: unknown): value is StoredModel {
  const { path, tag } = (value ?? {}) as Partial<StoredModel>;
  return typeof path === "string" && tag !== undefined;
}
