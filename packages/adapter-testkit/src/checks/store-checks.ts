import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AdapterModel, Tag } from "bentoml-core";
import { isDeepStrictEqual } from "node:util";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import { refusalOf } from "../refusal.js";
import type { SampleModel } from "../sample-model.js";
import type { Workshop } from "../workshop.js";

/** Models in the store: saved, found, refused. */
export const storeChecks: readonly Check[] = [
  { law: "a saved model is found again by its tag, with its labels and metadata", needs: ["saves"], run: roundTrip },
  { law: "every file of a saved model is in its manifest, and verify() passes", needs: ["saves"], run: manifest },
  { law: "a taken tag is refused, and the first model stays", needs: ["saves"], run: takenTag },
  { law: "a save that fails leaves nothing in the store", needs: ["saves"], run: failedSave },
  { law: "a stored model loads as the framework's own object", needs: ["loads"], run: loading },
  { law: "get is synchronous and reads nothing but model.yaml", run: cheapGet },
  { law: "an unknown tag is a ModelNotFoundError", run: unknownTag },
  { law: "a model of another package is a NotFoundError that names that package", run: wrongModule },
  { law: "a model that a newer release saved is refused, and says that this package must be updated", run: newerModel },
];

const LABELS = { stage: "testing", owner: "adapter-testkit" };
const METADATA = { accuracy: 0.875, classes: ["no", "yes"], trained: { epochs: 3, shuffled: true } };

async function roundTrip(workshop: Workshop): Promise<void> {
  const { adapter, store, options } = workshop;
  for (const sample of options.models) {
    const saved = await workshop.saved(sample, { name: "kept:v1", labels: LABELS, metadata: METADATA });
    holds(saved.tag.toString() === "kept:v1", `saveModel was asked for kept:v1 and saved ${saved.tag.toString()}.`);
    const askedFor: readonly (Tag | string)[] = ["kept:v1", saved.tag, "kept:latest", "kept"];
    for (const tag of askedFor) checkKept(adapter.get(tag, { store }), tag);
    store.delete("kept");
  }
}

function checkKept(found: AdapterModel, askedFor: Tag | string): void {
  const { tag, info } = found;
  holds(tag.toString() === "kept:v1", `get("${String(askedFor)}") gave ${tag.toString()} instead of kept:v1.`);
  holds(isDeepStrictEqual({ ...info.labels }, LABELS), `The labels ${JSON.stringify(LABELS)} were found again as ${JSON.stringify(info.labels)}: hand the options of saveModel on to the store.`);
  holds(isDeepStrictEqual(info.metadata, METADATA), `The metadata ${JSON.stringify(METADATA)} were found again as ${JSON.stringify(info.metadata)}: hand the options of saveModel on to the store.`);
  holds(Object.keys(info.signatures).length > 0, 'The saved model has no signatures: let "save" answer one for each method.');
}

async function manifest(workshop: Workshop): Promise<void> {
  for (const sample of workshop.options.models) {
    const { stored } = await workshop.saved(sample);
    const verification = await workshop.store.verify(stored.tag).catch((error: unknown) => broken(`A model that was just saved does not verify: ${shown(error)} Write no file once "save" has answered.`, error));
    holds(verification.manifest === "matches", "The saved model has no checksums: save it through the store's create().");
    const files = filesIn(stored.path).filter((file) => file !== "model.yaml");
    const listed = Object.keys(stored.info.files ?? {});
    holds(isDeepStrictEqual(files.sort(), listed.sort()), `The model's folder has the files ${files.join(", ")}, but its manifest lists ${listed.join(", ")}.`);
  }
}

async function takenTag(workshop: Workshop): Promise<void> {
  const { store, options } = workshop;
  const [sample] = options.models as readonly [SampleModel];
  const first = await workshop.saved(sample, { name: "taken:v1" });
  await refusalOf("A second save of taken:v1", () => workshop.saved(sample, { name: "taken:v1" }), { errorClass: "ModelExistsError", names: "taken:v1" });
  holds(store.get(first.tag).info.creationTimeText === first.info.creationTimeText, "The second save of taken:v1 was refused, but it changed the first model.");
}

async function failedSave(workshop: Workshop): Promise<void> {
  const { adapter, store, options } = workshop;
  if (options.unsavable === undefined) broken('Give "unsavable": it makes something that saveModel must refuse, such as a truncated file.');
  const native = await options.unsavable();
  await refusalOf('Saving what "unsavable" gives', () => adapter.saveModel("broken", native, { store }), { errorClass: "BentoMLError" });
  const left = filesIn(store.root);
  holds(left.length === 0, `A save that failed left ${left.join(", ")} in the store: write into the draft only.`);
  holds(store.list().length === 0, "A save that failed left a model in the store: let the error out of \"save\".");
}

async function loading(workshop: Workshop): Promise<void> {
  const { adapter, store, options } = workshop;
  for (const sample of options.models) {
    const model = await workshop.saved(sample);
    for (const from of [model, model.tag, model.tag.toString()]) {
      const loaded = await adapter.loadModel(from, { store });
      holds(loaded !== undefined && loaded !== null, `loadModel of "${sample.name}" gave ${String(loaded)} instead of the framework's object.`);
      await sample.checkLoaded?.(loaded);
    }
  }
}

async function cheapGet(workshop: Workshop): Promise<void> {
  const { adapter, store, options } = workshop;
  for (const sample of options.models) {
    const { stored } = await workshop.saved(sample);
    for (const file of filesIn(stored.path)) if (file !== "model.yaml") rmSync(join(stored.path, file));
    try {
      const found: unknown = adapter.get(stored.tag, { store });
      holds(typeof (found as Promise<unknown> | undefined)?.then !== "function", "get gave a promise: it must be synchronous, so that a runner can be made anywhere.");
    } catch (error) {
      broken(`get of "${sample.name}" wanted more than its model.yaml: leave that to the Runnable's setup. It threw ${shown(error)}`, error);
    }
  }
}

async function unknownTag({ adapter, store }: Workshop): Promise<void> {
  await refusalOf("get of a tag that is not in the store", () => adapter.get("nowhere:v1", { store }), { errorClass: "ModelNotFoundError", names: "nowhere:v1" });
}

async function wrongModule({ adapter, store, options }: Workshop): Promise<void> {
  const other = "bentoml-another-framework";
  await store.create({ name: "foreign", module: other, adapter: other }, async () => ({ signatures: {}, frameworkName: "other", frameworkVersions: {}, apiVersion: "v1" }));
  const wanted = { errorClass: "NotFoundError", names: other } as const;
  await refusalOf("get of another package's model", () => adapter.get("foreign", { store }), wanted);
  if (options.leftOut?.loads !== undefined) return;
  await refusalOf("loadModel of another package's model", () => adapter.loadModel("foreign", { store }), wanted);
}

/** A file layout that no adapter has yet. */
const LATER_LAYOUT = "v999";

async function newerModel(workshop: Workshop): Promise<void> {
  const { adapter, store, options } = workshop;
  const { module, signatures, context } = (await workshop.saved(options.models[0] as SampleModel)).info;
  await store.create({ name: "newer", module, adapter: adapter.name }, async () => ({ signatures, ...context, apiVersion: LATER_LAYOUT }));
  const what = `get of a model in the file layout "${LATER_LAYOUT}" (name those that you open in "layouts" of defineAdapter)`;
  await refusalOf(what, () => adapter.get("newer", { store }), { errorClass: "InvalidModelError", names: adapter.name });
}

/** Relative paths with `/` of all files below a folder. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.filter((name) => statSync(join(folder, name)).isFile()).map((name) => name.replaceAll("\\", "/"));
}
