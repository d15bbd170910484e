import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import extractor from "@microsoft/api-extractor";
import { repository } from "./repository.mjs";

const { Extractor, ExtractorConfig, ExtractorLogLevel } = extractor;
/** What it thinks of our comments is not asked: they are not in its language. */
const silent = { default: { logLevel: ExtractorLogLevel.None } };

/**
 * The public declarations of a package that was built, in an order of their own, as Markdown.
 *
 * @param {string} name Its folder in `packages`.
 * @returns {string}
 */
export function apiReport(name) {
  const projectFolder = join(repository, "packages", name);
  const folder = mkdtempSync(join(tmpdir(), "bentoml-api-"));
  try {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder,
        mainEntryPointFilePath: "<projectFolder>/dist/index.d.ts",
        compiler: { tsconfigFilePath: "<projectFolder>/tsconfig.json" },
        apiReport: { enabled: true, reportFolder: folder, reportTempFolder: join(folder, "temp"), reportFileName: "report" },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: "lf",
        messages: { extractorMessageReporting: silent, tsdocMessageReporting: silent, compilerMessageReporting: silent },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, "package.json"),
    });
    Extractor.invoke(config, { localBuild: true, messageCallback: (message) => (message.handled = true) });
    return readFileSync(join(folder, "report.api.md"), "utf8");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
