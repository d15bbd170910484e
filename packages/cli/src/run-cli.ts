import { CommanderError } from "commander";
import { processContext, type CliContext } from "./cli-context.js";
import { errorDetails, errorLine } from "./error-line.js";
import { makeProgram } from "./program.js";
import { stylesFor } from "./styles.js";

/**
 * Runs the `bentoml` command and returns its exit code: 0, or 1 after one line on stderr.
 *
 * @param argv The arguments without `node` and the script: `["serve", "digits:latest"]`.
 * @param world Replaces parts of the process's own streams, folder, environment and signals.
 */
export async function runCli(argv: readonly string[], world: Partial<CliContext> = {}): Promise<number> {
  const context: CliContext = { ...processContext(), ...world };
  try {
    await makeProgram(context).parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) return error.exitCode;
    const { stderr, environment } = context;
    stderr.write(`${stylesFor(stderr, environment).red("error:")} ${errorLine(error)}\n`);
    if (wantsDetails(argv, environment)) stderr.write(`${errorDetails(error)}\n`);
    return 1;
  }
}

/** Help and the version have been printed by the time that commander throws. */
function isHelp({ code }: CommanderError): boolean {
  return code === "commander.helpDisplayed" || code === "commander.help" || code === "commander.version";
}

function wantsDetails(argv: readonly string[], environment: CliContext["environment"]): boolean {
  const variable = environment["BENTOML_DEBUG"] ?? "";
  return argv.includes("--debug") || (variable !== "" && variable !== "0" && variable !== "false");
}
