import { Configuration, InvalidArgumentError, Tag, type CalibrationReport } from "bentoml-core";
import type { Command } from "commander";
import { loadAdapter } from "../adapters/load-adapter.js";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { wholeNumber } from "../number-option.js";
import { stylesFor } from "../styles.js";
import { renderTable } from "../table.js";

const notes = `
Give the options that you serve the model with, and do nothing else on the machine meanwhile. The result is kept for
this machine: "bentoml serve" and runners in your programs use it from then on.
`;

/** Options of the command, as the command line gives them. */
interface CalibrateOptions {
  readonly workers?: number;
  readonly maxBatchSize?: number;
}

/** `bentoml calibrate <tag>` */
export function addCalibrateCommand(program: Command, context: CliContext): void {
  const { stdout, environment, workingFolder } = context;
  program
    .command("calibrate")
    .description("measure which threads of its engine a model runs best with, and use them from then on")
    .argument("<tag>", "such as digits:latest")
    .option("--workers <n>", "worker threads that will serve it (default: by the resources)", wholeNumber(1))
    .option("--max-batch-size <n>", "most items in one batch (default: 100)", wholeNumber(1))
    .addHelpText("after", notes)
    .action(async (text: string, options: CalibrateOptions, command: Command) => {
      const store = chosenStore(command, context);
      const { tag, info } = store.get(Tag.parse(text));
      const { calibrate } = await loadAdapter(info, workingFolder);
      if (calibrate === undefined) throw new InvalidArgumentError(`${tag.toString()} has no settings to measure: its adapter, for "${info.module}", calibrates nothing.`);
      const configuration = Configuration.load({ workingFolder, environment });
      const report = await calibrate(tag, { ...options, store, configuration });
      stdout.write(`${tag.toString()} on this machine, milliseconds:\n${tableOf(report, stylesFor(stdout, environment).bold)}`);
    });
}

function tableOf({ batchSize, settings }: CalibrationReport, styleHeader: (line: string) => string): string {
  const joins = settings.some(({ fullBatchMs }) => fullBatchMs !== undefined);
  const headers = ["Setting", "One call", ...(joins ? [`Batch of ${batchSize}`] : []), ""];
  const rows = settings.map(({ name, singleMs, fullBatchMs, chosen }) => [
    name,
    singleMs.toFixed(3),
    ...(joins ? [fullBatchMs?.toFixed(3) ?? ""] : []),
    chosen ? "chosen" : "",
  ]);
  return renderTable(headers, rows, { rightAligned: [1, 2].slice(0, joins ? 2 : 1), styleHeader });
}
