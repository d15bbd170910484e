/**
 * Reading and writing `.xz` as a stream, in plain TypeScript: Python's `.bentomodel` is a tar.xz, and the packages at hand
 * either hold the whole file in memory, or want a newer Node, or build at install. Only the `models` room uses it.
 */
export { packXz } from "./pack-xz.js";
export { unpackXz } from "./unpack-xz.js";
