/** The `bentoml` command as a function, for programs and tests that do not want a process of their own for it. */
export { runCli } from "./run-cli.js";
export type { CliContext, OutputStream, StopSignal } from "./cli-context.js";
