/** Names and versions of models and runners: `Tag`. Every room above may use it; it uses only `errors`. */
export { newVersion } from "./new-version.js";
export { Tag, type TagLike, type VersionedTag } from "./tag.js";
