/** What an adapter package is made with, and how the adapter of a stored model is found. The uppermost room; nobody in core uses it. */
export {
  AdapterModel,
  defineAdapter,
  type Adapter,
  type AdapterDefinition,
  type CommonSaveOptions,
} from "./define-adapter.js";
export { resolveAdapter, type AdapterClue } from "./resolve-adapter.js";
