#!/usr/bin/env node
import { createAdapter } from "./create-adapter.js";
import { UserError } from "./user-error.js";

createAdapter(process.argv.slice(2), {
  folder: process.cwd(),
  isInteractive: process.stdin.isTTY && process.stdout.isTTY,
  print: (text) => process.stdout.write(`${text}\n`),
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof UserError ? error.message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
