import { configDefaults, defineConfig } from "vitest/config";
import { endToEnd } from "./vitest.e2e.config.js";

/** Tests that take tens of seconds each: a browser, processes that are killed, servers under load, the rules of lint. CI runs them after `npm test`. */
export default defineConfig({ test: { ...endToEnd, include: ["tools/e2e/src/**/*.ci.test.ts", "tools/ci/src/**/*.ci.test.ts"], exclude: configDefaults.exclude } });
