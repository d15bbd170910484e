/**
 * Archives of models: `.bentomodel` (tar.xz), tar.gz, tar and plain folders, read and written as streams. Only the `models`
 * room uses it; it knows files and folders and nothing of a store.
 */
export { exportModel } from "./archive-export.js";
export type { ExportFormat } from "./archive-format.js";
export { unpackArchive } from "./archive-import.js";
export type { UnpackLimits } from "./unpack-limits.js";
