/**
 * Reading and writing `.xz` as a stream: Python's `.bentomodel` is a tar.xz. A library reads, code of ours writes; why is
 * told in docs/decisions/0004-xz.md. Only the `models` room uses it.
 */
export { packXz } from "./pack-xz.js";
export { unpackXz } from "./unpack-xz.js";
