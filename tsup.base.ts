import { defineConfig, type Options } from "tsup";

/**
 * The one place that knows the bundler. Every package is ESM only; shared code between entries goes to chunks beside
 * them, so that `new URL("./entry.js", import.meta.url)` finds a worker entry from any of them.
 */
export function library(overrides: Options): ReturnType<typeof defineConfig> {
  return defineConfig({
    format: ["esm"],
    target: "node20",
    platform: "node",
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: false,
    ...overrides,
  });
}
