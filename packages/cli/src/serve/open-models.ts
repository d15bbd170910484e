import { Tag, type ModelStore, type RunnerOptions } from "bentoml-core";
import { servedModel, type ServedModel } from "bentoml-server";
import type { AdapterModule, OpenedModel } from "../adapters/adapter-module.js";
import { loadAdapter } from "../adapters/load-adapter.js";

const LONGEST_NAME = 63;

/** A model, and a runner for it of which no worker is started. */
export interface OpenedRunner {
  readonly opened: OpenedModel;
  readonly runner: ReturnType<OpenedModel["toRunner"]>;
}

/** A model that is to be served, and its description for the server. */
export interface ModelToServe extends OpenedRunner {
  readonly served: ServedModel;
}

/**
 * Finds the models and makes a runner for each; no worker is started. Two tags of one version (`digits` and
 * `digits:latest`) are served once.
 */
export async function openModels(
  tags: readonly string[],
  store: ModelStore,
  options: RunnerOptions,
  workingFolder: string,
): Promise<ModelToServe[]> {
  const stored = new Map(tags.map((text) => store.get(Tag.parse(text))).map((model) => [model.tag.toString(), model]));
  const names = [...stored.values()].map(({ tag }) => tag.name);
  const models: ModelToServe[] = [];
  for (const { tag, info } of stored.values()) {
    const adapter = await loadAdapter(info, workingFolder);
    const isAlone = names.filter((name) => name === tag.name).length === 1;
    models.push(openModel(adapter, tag, store, isAlone ? options : { ...options, name: nameWithVersion(tag) }));
  }
  return models;
}

/** Finds one model and makes a runner for it. */
export async function openRunner(text: string, store: ModelStore, options: RunnerOptions, workingFolder: string): Promise<OpenedRunner> {
  const { tag, info } = store.get(Tag.parse(text));
  return openWith(await loadAdapter(info, workingFolder), tag, store, options);
}

function openModel(adapter: AdapterModule, tag: Tag, store: ModelStore, options: RunnerOptions): ModelToServe {
  const { opened, runner } = openWith(adapter, tag, store, options);
  return { opened, runner, served: servedModel(opened, runner) };
}

function openWith(adapter: AdapterModule, tag: Tag, store: ModelStore, options: RunnerOptions): OpenedRunner {
  const opened = adapter.get(tag, { store });
  return { opened, runner: opened.toRunner(options) };
}

/** Metrics know runners by their names, so two versions of a model must not share one. A version is a valid name itself. */
function nameWithVersion({ name, version = "" }: Tag): string {
  const both = `${name}-${version}`;
  return both.length <= LONGEST_NAME ? both : version;
}
