import { configDefaults, defineConfig } from "vitest/config";
import { retry } from "./vitest.retry.js";

/**
 * End-to-end tests run on what is built (`npm run build`): worker threads and child processes need real files, and these
 * are the files that users get.
 */
export const endToEnd = {
  server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
  // Each file keeps threads or processes of its own busy, so few of them at a time.
  pool: "forks" as const,
  maxWorkers: 2,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  retry,
};

export default defineConfig({
  test: {
    ...endToEnd,
    include: ["tools/e2e/src/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "**/*.slow.test.ts", "**/*.ci.test.ts"],
  },
});
