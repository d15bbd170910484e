import { defineConfig } from "vitest/config";

// Some checks start worker threads and child processes.
export default defineConfig({ test: { include: ["test/**/*.test.ts"], testTimeout: 30_000 } });
