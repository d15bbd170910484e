import type { ModelDirectory } from "../model-directory.js";
import type { ServedModel } from "../served-model.js";
import { decodedUrlPart } from "./url-part.js";

/** What a model can be asked to do by a POST. */
export type ModelAction = "infer" | "generate" | "generate_stream";

/** A URL that does not lead to a model: the error says why. */
export interface InferMiss {
  readonly action: ModelAction;
  readonly error: unknown;
}

const actionPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?\/(infer|generate|generate_stream)$/;
/** Spellings remembered beside the models' own URLs. A client could think of any number of them. */
const MOST_SPELLINGS = 1024;

/**
 * Finds the model and action of a URL such as that of infer. A URL seen before, letter by letter, costs one look-up; other
 * spellings (a query, escaped letters) are worked out and remembered.
 */
export class InferUrls<Target> {
  readonly #models: ModelDirectory;
  readonly #targetOf: (model: ServedModel, action: ModelAction) => Target;
  readonly #known: Map<string, Target> = new Map();

  constructor(models: ModelDirectory, targetOf: (model: ServedModel, action: ModelAction) => Target) {
    this.#models = models;
    this.#targetOf = targetOf;
    models.onChange(() => this.#known.clear());
  }

  /** Number of spellings that are remembered. */
  get remembered(): number {
    return this.#known.size;
  }

  /** The target, undefined for a URL of another kind, a miss for one whose model is not here. */
  find(url: string): Target | InferMiss | undefined {
    return this.#known.get(url) ?? this.#workOut(url);
  }

  #workOut(url: string): Target | InferMiss | undefined {
    const query = url.indexOf("?");
    const match = actionPath.exec(query === -1 ? url : url.slice(0, query));
    if (match === null) return undefined;
    const [, name = "", version] = match;
    const action = match[3] as ModelAction;
    try {
      const model = this.#models.get(decodedUrlPart(name), version === undefined ? undefined : decodedUrlPart(version));
      const target = this.#targetOf(model, action);
      if (this.#known.size < MOST_SPELLINGS) this.#known.set(url, target);
      return target;
    } catch (error) {
      return { action, error };
    }
  }
}
