import { defineConfig } from "tsup";

export default defineConfig({
  // The Runnable is a file of its own: workers import it, and nothing else of this package.
  entry: ["src/index.ts", "src/runnable.ts"],
  format: ["esm"],
  target: "node20",
  dts: { entry: "src/index.ts" },
  sourcemap: true,
  clean: true,
});
