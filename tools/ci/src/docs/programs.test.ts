import { expect, test } from "vitest";
import { parsePage } from "./markdown-page.mjs";
import { blockAt, programsOf } from "./programs.mjs";

const blocks = (...lines: string[]) => parsePage("docs/x.md", lines.join("\n")).blocks;

test("a block is a file of its own, by the name that it has in its first line", () => {
  const programs = programsOf(blocks("```ts", "// service.ts: what is served", "a;", "```", "```js", "b;", "```", "```sh", "c", "```"));
  expect(programs.map(({ file, text }) => [file, text])).toEqual([
    ["service.ts", "// service.ts: what is served\na;\n"],
    ["block-6.js", "b;\n"],
  ]);
});

test("one that continues goes on in the file of the one before, whose lines are told apart", () => {
  const all = blocks("```ts", "a;", "```", "<!-- docs: continues -->", "<!-- docs: given", "hidden;", "-->", "```ts", "b;", "```");
  const [program, ...others] = programsOf(all, (text) => text.replace("a", "aa"));
  expect(others).toEqual([]);
  expect(program?.text).toBe("aa;\nhidden;\nb;\n");
  expect([1, 2, 3].map((line) => program && all.indexOf(blockAt(program, line)))).toEqual([0, 1, 1]);
});

test.each([
  [["<!-- docs: continues -->", "```ts", "a;", "```"], "docs/x.md:3: this block continues none"],
  [["```ts", "// a.ts", "```", "```ts", "// a.ts", "```"], "docs/x.md:5: another block of this page is a.ts already"],
])("%j is refused", (lines, message) => {
  expect(() => programsOf(blocks(...lines))).toThrow(message);
});

test("what is held elsewhere is no program", () => {
  expect(programsOf(blocks("<!-- docs: from a.ts -->", "```ts", "a;", "```", "<!-- docs: held by a.test.ts -->", "```ts", "a;", "```"))).toEqual([]);
});
