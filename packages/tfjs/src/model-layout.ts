import { InvalidModelError, type StoredModel } from "bentoml-core";

export type ModelKind = "layers" | "graph" | "saved_model";

/** What is kept of a model beside its files; structured-cloneable. */
export interface ModelLayout {
  readonly kind: ModelKind;
  /** Of a SavedModel: the tags of its graph, such as `["serve"]`. */
  readonly tags?: readonly string[];
  /** Of a SavedModel: the signature behind each method. */
  readonly signatures?: Readonly<Record<string, string>>;
}

/** The layout as `options` of model.yaml. */
export function layoutToOptions({ kind, tags, signatures }: ModelLayout): Record<string, unknown> {
  return { kind, ...(tags === undefined ? {} : { tags: [...tags] }), ...(signatures === undefined ? {} : { signatures: { ...signatures } }) };
}

/** @throws InvalidModelError when a model.yaml does not say it. */
export function layoutOf({ tag, info }: StoredModel): ModelLayout {
  const { kind, tags, signatures } = info.options;
  if (kind === "layers" || kind === "graph") return { kind };
  if (kind === "saved_model" && isTags(tags) && isSignatures(signatures)) return { kind, tags, signatures };
  throw new InvalidModelError(`The model.yaml of ${tag.toString()} does not say what kind of model it is (options.kind, and tags and signatures of a SavedModel): save it again.`);
}

function isTags(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((tag) => typeof tag === "string");
}

function isSignatures(value: unknown): value is Record<string, string> {
  return typeof value === "object" && value !== null && Object.values(value).every((signature) => typeof signature === "string");
}
