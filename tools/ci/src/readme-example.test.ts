import { Script } from "node:vm";
import { expect, test } from "vitest";
import { asModule, asScript, firstExample } from "./readme-example.mjs";

const readme = `# Title

\`\`\`sh
npm i bentoml-onnx
\`\`\`

\`\`\`ts
import { join } from "node:path";

const path: string = await Promise.resolve(join("a", "b"));
console.log(path);
\`\`\`

\`\`\`ts
another();
\`\`\`
`;

test("the first TypeScript block is the example", () => {
  expect(firstExample(readme)).toMatch(/^import .*\nconsole\.log\(path\);\n$/s);
});

test("a text without one is refused", () => {
  expect(() => firstExample("```sh\nls\n```\n")).toThrow("There is no block");
});

test("as a module it keeps its imports and loses its types", () => {
  expect(asModule(firstExample(readme))).toBe(
    'import { join } from "node:path";\nconst path = await Promise.resolve(join("a", "b"));\nconsole.log(path);\n',
  );
});

test("as a script it requires, and waits inside a function", () => {
  const script = asScript(firstExample(readme));
  expect(script).toMatch(/^\(async \(\) => \{\n/);
  expect(script).toContain('require("node:path")');
  expect(script).not.toMatch(/^import/m);
  // A syntax error would throw here.
  expect(() => new Script(script)).not.toThrow();
});
