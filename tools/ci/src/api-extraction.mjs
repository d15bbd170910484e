import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import extractor from "@microsoft/api-extractor";

const { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } = extractor;
/** Nothing is printed: what it finds is in the extraction. */
const silent = { default: { logLevel: ExtractorLogLevel.None } };

/**
 * What the declarations of a package that was built tell about its public API.
 *
 * @typedef {object} ApiExtraction
 * @property {string} report The public declarations in an order of their own, as Markdown.
 * @property {ApiItem} model The declarations and their docstrings, as api-documenter reads them.
 * @property {Finding[]} findings
 * @property {import("typescript").Program} program
 */

/**
 * A declaration in a model, and those in it.
 *
 * @typedef {object} ApiItem
 * @property {string} [name]
 * @property {string} [docComment]
 * @property {ApiItem[]} [members]
 */

/**
 * What API Extractor has to say about a declaration.
 *
 * @typedef {object} Finding
 * @property {string} id Such as "ae-undocumented".
 * @property {string} text
 * @property {string | undefined} file Absolute path.
 * @property {number} line From 1.
 * @property {number} column From 1.
 */

/**
 * @param {string} projectFolder Of the package; `dist/index.d.ts` and `tsconfig.json` are in it.
 * @returns {ApiExtraction}
 */
export function extractApi(projectFolder) {
  const folder = mkdtempSync(join(tmpdir(), "bentoml-api-"));
  try {
    const modelFile = join(folder, "model.api.json");
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder,
        mainEntryPointFilePath: "<projectFolder>/dist/index.d.ts",
        compiler: { tsconfigFilePath: "<projectFolder>/tsconfig.json" },
        apiReport: { enabled: true, reportFolder: folder, reportTempFolder: join(folder, "temp"), reportFileName: "report" },
        docModel: { enabled: true, apiJsonFilePath: modelFile },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: "lf",
        messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent, compilerMessageReporting: silent },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, "package.json"),
    });
    const compilerState = CompilerState.create(config);
    /** @type {Finding[]} */
    const findings = [];
    Extractor.invoke(config, {
      localBuild: true,
      compilerState,
      messageCallback: (message) => {
        message.handled = true;
        const { messageId: id, text, sourceFilePath: file, sourceFileLine: line = 1, sourceFileColumn: column = 1 } = message;
        findings.push({ id, text, file, line, column });
      },
    });
    return {
      report: readFileSync(join(folder, "report.api.md"), "utf8"),
      model: JSON.parse(readFileSync(modelFile, "utf8")),
      findings,
      program: /** @type {import("typescript").Program} */ (compilerState.program),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
