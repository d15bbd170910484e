#!/usr/bin/env node
import { runCli } from "./run-cli.js";
import { showWarnings } from "./warning-line.js";

/** How long something that was left open may keep the process alive after the command has ended, ms. */
const LINGER_MS = 500;

// A reader that has seen enough (`bentoml models list | head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

showWarnings(process.stderr);

void runCli(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  setTimeout(() => process.exit(code), LINGER_MS).unref();
});
