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
    // The maps name the sources, which are published as well.
    esbuildOptions: (options) => {
      options.sourcesContent = false;
    },
    clean: true,
    splitting: true,
    treeshake: false,
    plugins: [{ name: "class-names", renderChunk: (code) => ({ code: restoreClassNames(code) }) }],
    ...overrides,
  });
}

/**
 * esbuild writes a class that names itself as `var NdArray = class _NdArray`, and then users see `_NdArray` in what they
 * print and in stacks. (Its `keepNames` would cost a call for every closure that is made.)
 */
function restoreClassNames(code: string): string {
  const renamed = code.matchAll(/^(?:var|let|const) (\w+) = class (_\w+)/gm);
  return [...renamed].reduce((text, [, name, inner]) => text.replaceAll(new RegExp(`(?<![\\w$.#])${inner}\\b`, "g"), name!), code);
}
