/** A path as it is written in `BENTOML_CONFIG_OPTIONS`, and as errors show it: `runners."my.runner".batching`. */
export function dottedPath(path: readonly string[]): string {
  return path.map((key) => (/^[\w/-]+$/.test(key) ? key : JSON.stringify(key))).join(".");
}
