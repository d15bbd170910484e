/**
 * Models on disk: `ModelStore` with saving, looking up, aliases, archives and checksums, and what a model.yaml says. The
 * runner and adapter rooms use it; it uses `errors`, `tag` and `ndarray`.
 */
export type { ExportFormat, UnpackLimits } from "./archive/index.js";
export type { Verification } from "./manifest.js";
export type { ModelDescription } from "./model-description.js";
export type { ModelDraft } from "./model-draft.js";
export type { ModelContext, ModelInfo, ModelSignature, SavedFacts } from "./model-info.js";
export { ModelStore, type ModelStoreOptions } from "./model-store.js";
export { StoredModel } from "./stored-model.js";
export type { ModelAlias } from "./version-aliases.js";
