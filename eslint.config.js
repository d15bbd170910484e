import eslint from "@eslint/js";
import { createProjectGraphAsync } from "@nx/devkit";
import nx from "@nx/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { roomImports } from "./tools/ci/src/lint/room-imports.mjs";

// The rule about who imports whom reads what nx has written down of the projects. Where there is nothing yet, it would find nothing wrong.
await createProjectGraphAsync();

/** The rooms of core, from the bottom up: each may import those before it, through their index. */
const rooms = [
  "errors",
  "copies",
  "clock",
  "tag",
  "ndarray",
  "containers",
  "frames",
  "models",
  "configuration",
  "resources",
  "calls",
  "batching",
  "workers",
  "handles",
  "remote",
  "runner",
  "adapter",
  "simulator",
];

/** Who may import whom; a test may also use the tools, such as the models that they make. */
const boundaries = [
  { sourceTag: "type:core", onlyDependOnLibsWithTags: [] },
  { sourceTag: "type:adapter", onlyDependOnLibsWithTags: ["type:core"] },
  { sourceTag: "type:testkit", onlyDependOnLibsWithTags: ["type:core"] },
  { sourceTag: "type:server", onlyDependOnLibsWithTags: ["type:core"] },
  { sourceTag: "type:cli", onlyDependOnLibsWithTags: ["type:core", "type:server"] },
  { sourceTag: "type:tool", onlyDependOnLibsWithTags: ["*"] },
];
const boundariesOfTests = boundaries.map(({ sourceTag, onlyDependOnLibsWithTags }) => ({
  sourceTag,
  onlyDependOnLibsWithTags: [...onlyDependOnLibsWithTags, "type:tool"],
}));

const topLevelAwait = "No await at the top level: a package that has one cannot be loaded by require().";
const syntaxOfPackages = [
  { selector: "AwaitExpression:not(:function AwaitExpression)", message: topLevelAwait },
  { selector: "ForOfStatement[await=true]:not(:function ForOfStatement)", message: topLevelAwait },
  { selector: "VariableDeclaration[kind='await using']:not(:function VariableDeclaration)", message: topLevelAwait },
  { selector: "ExportAllDeclaration[exported=null]", message: "Export by name, so that the public API can be read off the index." },
];

const time = "Time comes in through the clock room only, so that tests can run on virtual time.";
const timers = ["setTimeout", "setInterval", "setImmediate"];

export default defineConfig(
  globalIgnores(["**/dist/", "**/node_modules/", "**/coverage/", "**/.venv/", "**/tmp/", ".nx/", "tools/bench/results/", "packages/create-adapter/template/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  eslint.configs.recommended,
  {
    name: "bentoml/typescript",
    files: ["packages/*/src/**/*.ts", "packages/server/page/**/*.ts", "tools/*/src/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // Reads inside the bounds of a typed array are everywhere, and noUncheckedIndexedAccess makes each of them optional.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      // A default that is written out tells the reader more.
      "@typescript-eslint/no-unnecessary-type-arguments": "off",
      // What was caught is passed on as it is.
      "@typescript-eslint/prefer-promise-reject-errors": ["error", { allowThrowingUnknown: true }],
      // A method that must be asynchronous by its interface needs no await of its own.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "no-control-regex": "off",
    },
  },
  {
    name: "bentoml/tests",
    files: ["**/*.test.ts", "**/*.test-d.ts"],
    rules: {
      "@typescript-eslint/unbound-method": "off",
      // Matchers such as expect.any() are of type any.
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
  {
    // Only their types count: they are never run.
    name: "bentoml/type-tests",
    files: ["**/*.test-d.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  {
    name: "bentoml/scripts",
    files: ["**/*.mjs", "*.js"],
    languageOptions: { globals: nodeGlobals() },
  },
  {
    name: "bentoml/package-boundaries",
    files: ["packages/*/src/**/*.ts", "packages/server/page/**/*.ts", "tools/**/*.ts", "tools/**/*.mjs"],
    plugins: { "@nx": nx },
    rules: { "@nx/enforce-module-boundaries": ["error", { allow: [], depConstraints: boundaries }] },
  },
  {
    name: "bentoml/package-boundaries-of-tests",
    files: ["packages/**/*.test.ts", "packages/**/*.test-d.ts"],
    rules: { "@nx/enforce-module-boundaries": ["error", { allow: [], depConstraints: boundariesOfTests }] },
  },
  {
    name: "bentoml/packages",
    files: ["packages/*/src/**/*.ts", "packages/server/page/**/*.ts"],
    ignores: ["**/*.test-d.ts"],
    rules: { "no-console": "error", "no-restricted-syntax": ["error", ...syntaxOfPackages] },
  },
  {
    name: "bentoml/command-line",
    files: ["packages/cli/src/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    name: "bentoml/rooms",
    files: ["packages/core/src/**/*.ts"],
    plugins: { bentoml: { rules: { "room-imports": roomImports } } },
    rules: { "bentoml/room-imports": ["error", { root: "packages/core/src", rooms }] },
  },
  {
    name: "bentoml/one-clock",
    files: ["packages/core/src/**/*.ts"],
    ignores: [
      "packages/core/src/clock/**",
      // These two block a thread, which no clock can stand in for.
      "packages/core/src/workers/wire/lock-word.ts",
      "packages/core/src/workers/pool/exit-guard.ts",
      "**/*.test.ts",
    ],
    rules: {
      "no-restricted-globals": ["error", ...[...timers, "performance"].map((name) => ({ name, message: time }))],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: time },
        ...[...timers, "performance"].map((property) => ({ object: "globalThis", property, message: time })),
      ],
      "no-restricted-imports": [
        "error",
        {
          paths: [
            ...["node:timers", "node:timers/promises"].map((name) => ({ name, message: time })),
            { name: "node:perf_hooks", importNames: ["performance"], message: time },
          ],
        },
      ],
    },
  },
);

function nodeGlobals() {
  const names = [
    ...["AbortController", "AbortSignal", "Buffer", "TextDecoder", "TextEncoder", "URL", "console", "fetch", "performance", "process"],
    ...["queueMicrotask", "structuredClone", ...timers, "clearTimeout", "clearInterval", "clearImmediate"],
  ];
  return Object.fromEntries(names.map((name) => [name, "readonly"]));
}
