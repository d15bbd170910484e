import { runStart } from "./run-start.js";
import { Screen } from "./screen.js";
import { parseStartOptions } from "./start-options.js";

try {
  process.exitCode = await runStart(parseStartOptions(process.argv.slice(2)), new Screen());
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
