import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { listModels, type ModelListing } from "../models/model-listing.js";
import { oneLine } from "../one-line.js";
import { stylesFor, type Styles } from "../styles.js";
import { renderTable } from "../table.js";

type ListFormat = "json" | "yaml" | "table";

/** `bentoml models list [name]` */
export function addModelsListCommand(models: Command, context: CliContext): void {
  const { stdout, environment } = context;
  models
    .command("list")
    .description("list the models of the store, newest first")
    .argument("[name]", "only the versions of this name, or one tag")
    .addOption(new Option("-o, --output <format>", "how to print").choices(["json", "yaml", "table"]).default("table"))
    .action((name: string | undefined, { output }: { output: ListFormat }, command: Command) => {
      const listing = listModels(chosenStore(command, context).list(name));
      stdout.write(renderListing(listing, output, stylesFor(stdout, environment)));
    });
}

function renderListing(listing: readonly ModelListing[], format: ListFormat, styles: Styles): string {
  if (format === "json") return `${JSON.stringify(listing, undefined, 2)}\n`;
  if (format === "yaml") return renderYaml(listing);
  return renderTable(
    ["Tag", "Module", "Size", "Creation Time"],
    listing.map(({ tag, module, size, creation_time }) => [tag, oneLine(module), size, creation_time]),
    { rightAligned: [2], styleHeader: styles.bold },
  );
}

/** All values are texts, and a text in JSON is one in YAML too. */
function renderYaml(listing: readonly ModelListing[]): string {
  if (listing.length === 0) return "[]\n";
  return listing
    .map((model) => Object.entries(model).map(([key, value]) => `${key}: ${JSON.stringify(value)}`))
    .map((lines) => `- ${lines.join("\n  ")}\n`)
    .join("");
}
