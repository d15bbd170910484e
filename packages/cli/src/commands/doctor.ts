import { BentoMLError } from "bentoml-core";
import type { Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { cliVersion } from "../cli-version.js";
import { doctorReport } from "../doctor/doctor-report.js";
import { examine } from "../doctor/examine.js";
import { stylesFor } from "../styles.js";

interface DoctorOptions {
  readonly json?: boolean;
  readonly verify?: boolean;
}

/** `bentoml doctor` */
export function addDoctorCommand(program: Command, context: CliContext): void {
  const { stdout, environment } = context;
  program
    .command("doctor")
    .description("say what keeps models from being served here, and what to do about it")
    .option("--json", "print what was found as JSON")
    .option("--verify", "also compare the files of all models with their checksums")
    .action(async ({ json = false, verify = false }: DoctorOptions, command: Command) => {
      const findings = await examine(chosenStore(command, context), context, verify);
      const errors = findings.filter(({ level }) => level === "error").length;
      const isOk = errors === 0;
      stdout.write(json ? `${JSON.stringify({ version: cliVersion(), ok: isOk, findings }, undefined, 2)}\n` : doctorReport(findings, stylesFor(stdout, environment)));
      if (!isOk) throw new BentoMLError(`${String(errors)} ${errors === 1 ? "thing has" : "things have"} to be mended before models can be served`, { code: "DOCTOR_FOUND_ERRORS" });
    });
}
