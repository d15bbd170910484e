import { writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { stylesFor } from "../styles.js";
import { typeDeclarations } from "../type-declarations.js";

/** `bentoml types` */
export function addDeclareTypesCommand(program: Command, context: CliContext): void {
  const { stdout, stderr, environment, workingFolder } = context;
  program
    .command("types")
    .description('write a declaration file that types get("digits:latest") by its tag')
    .option("--out <file>", "file to write", "bentoml-models.d.ts")
    .action(async ({ out }: { out: string }, command: Command) => {
      const file = resolve(workingFolder, out);
      const { text, declared, skipped } = await typeDeclarations(chosenStore(command, context), workingFolder);
      writeFileSync(file, text);
      for (const { tag, reason } of skipped) stderr.write(`${stylesFor(stderr, environment).yellow("warning:")} ${tag} is left out: ${reason}\n`);
      stdout.write(`Wrote the types of ${declared} ${declared === 1 ? "model" : "models"} to ${relative(workingFolder, file) || out}\n`);
    });
}
