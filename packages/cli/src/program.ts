import { Command } from "commander";
import type { CliContext } from "./cli-context.js";
import { cliVersion } from "./cli-version.js";
import { addCalibrateCommand } from "./commands/calibrate.js";
import { addDeclareTypesCommand } from "./commands/declare-types.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addModelsAliasCommand } from "./commands/models-alias.js";
import { addModelsDeleteCommand } from "./commands/models-delete.js";
import { addModelsExportCommand } from "./commands/models-export.js";
import { addModelsGetCommand } from "./commands/models-get.js";
import { addModelsImportCommand } from "./commands/models-import.js";
import { addModelsListCommand } from "./commands/models-list.js";
import { addServeCommand } from "./commands/serve.js";
import { addStartHttpServerCommand } from "./commands/start-http-server.js";
import { addStartRunnerServerCommand } from "./commands/start-runner-server.js";
import { stylesFor } from "./styles.js";

const examples = `
Examples:
  bentoml models import digits.onnx --name digits   save a model in the store
  bentoml models list                               what the store has
  bentoml serve digits:latest                       serve it on http://127.0.0.1:3000
  bentoml serve digits resnet:v2 --port 8080        serve several
  bentoml serve ./service.ts --development          serve a service, and each change of it
  bentoml types                                     type get("digits:latest") by its tag
`;

/** The command line: what can be given, and which function answers. */
export function makeProgram(context: CliContext): Command {
  const program = new Command("bentoml");
  const { stdout, stderr, environment } = context;
  program
    .description("Serves machine-learning models of a local store, and manages that store.")
    .version(cliVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .option("--store <folder>", "folder of the store (default: $BENTOML_HOME, else ~/bentoml)")
    .option("--debug", "show the stack of an error (also BENTOML_DEBUG=1)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      // Printed by runCli, as every other error.
      outputError: () => undefined,
    })
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => stylesFor(stdout, environment).bold(title),
    })
    .addHelpText("after", examples);
  addServeCommand(program, context);
  addStartHttpServerCommand(program, context);
  addStartRunnerServerCommand(program, context);

  const models = program.command("models").description("list, show, import, export, alias and delete models").helpCommand(false);
  addModelsListCommand(models, context);
  addModelsGetCommand(models, context);
  addModelsImportCommand(models, context);
  addModelsExportCommand(models, context);
  addModelsAliasCommand(models, context);
  addModelsDeleteCommand(models, context);

  addCalibrateCommand(program, context);
  addDeclareTypesCommand(program, context);
  addDoctorCommand(program, context);
  return program;
}
