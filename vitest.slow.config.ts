import { defineConfig } from "vitest/config";

/** Tests that take minutes. They run on what is built (`npm run build`), one file at a time, and are no part of `npm test`. */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.slow.test.ts", "tools/*/src/**/*.slow.test.ts"],
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    pool: "forks",
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
