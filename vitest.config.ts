import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { retry } from "./vitest.retry.js";

/** Unit tests run on the sources: nothing has to be built. The others are vite's own, which this list replaces, but for "module": Node cannot load what OpenTelemetry has there. */
const conditions = ["bentoml-source", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/server/page/**/*.test.ts", "tools/*/src/**/*.test.ts"],
    // All cores: by default one of them is left out, which on two is half.
    maxWorkers: availableParallelism(),
    // No test asserts how long something takes: these only end what hangs, and a busy machine must not look like that.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry,
    expect: { poll: { timeout: 20_000 } },
    exclude: [...configDefaults.exclude, "**/*.slow.test.ts", "**/*.ci.test.ts", "tools/e2e/**"],
  },
});
