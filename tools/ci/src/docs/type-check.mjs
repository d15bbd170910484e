import { join } from "node:path";
import ts from "typescript";
import { repository } from "../repository.mjs";
import { blockAt } from "./programs.mjs";

/** What a user has who turned `strict` on. Our packages are read as users get them: from what is built. */
const options = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
  typeRoots: [join(repository, "node_modules", "@types")],
};

/**
 * Checks all programs at once.
 *
 * @param {readonly { path: string, program: import("./programs.mjs").Program }[]} files
 * @param {string} modelTypes A file of declarations that all of them have.
 * @returns {{ block: import("./markdown-page.mjs").Block, message: string }[]} What is wrong.
 */
export function typeErrors(files, modelTypes) {
  const sources = files.filter(({ path }) => path.endsWith(".ts"));
  const checked = ts.createProgram([...sources.map(({ path }) => path), modelTypes], options);
  return sources.flatMap(({ path, program }) => {
    const source = checked.getSourceFile(path);
    const diagnostics = [...checked.getSyntacticDiagnostics(source), ...checked.getSemanticDiagnostics(source)];
    return diagnostics.map(({ start = 0, messageText }) => {
      const line = (source?.getLineAndCharacterOfPosition(start).line ?? 0) + 1;
      const message = `${program.text.split("\n")[line - 1]?.trim()}\n    ${ts.flattenDiagnosticMessageText(messageText, "\n    ")}`;
      return { block: blockAt(program, line), message };
    });
  });
}

/**
 * @param {string} text
 * @returns {string} The same in JavaScript.
 */
export function inJavaScript(text) {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true } });
  return outputText;
}
