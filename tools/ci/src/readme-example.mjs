import ts from "typescript";

/**
 * The first block of TypeScript in a Markdown text.
 *
 * @param {string} markdown
 */
export function firstExample(markdown) {
  const [, code] = /^```ts\n(.*?)^```$/ms.exec(markdown) ?? [];
  if (code === undefined) throw new Error("There is no block of ```ts in this text.");
  return code;
}

/**
 * The example as an ES module of plain JavaScript.
 *
 * @param {string} example
 */
export function asModule(example) {
  return transpile(example, ts.ModuleKind.ESNext);
}

/**
 * The example as a CommonJS script, which gets the packages by `require()`. CommonJS has no await at the top level, so it
 * stands in a function.
 *
 * @param {string} example
 */
export function asScript(example) {
  const body = transpile(example, ts.ModuleKind.CommonJS);
  return `(async () => {\n${body}\n})().catch((error) => {\n  console.error(error);\n  process.exitCode = 1;\n});\n`;
}

/**
 * @param {string} example
 * @param {ts.ModuleKind} module
 */
function transpile(example, module) {
  return ts.transpileModule(example, { compilerOptions: { module, target: ts.ScriptTarget.ES2022, esModuleInterop: false } }).outputText;
}
