import { configDefaults, defineConfig } from "vitest/config";

/** Unit tests run on the sources: nothing has to be built. The others are vite's own, which this list replaces. */
const conditions = ["bentoml-source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tools/*/src/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "**/*.slow.test.ts", "tools/e2e/**"],
  },
});
