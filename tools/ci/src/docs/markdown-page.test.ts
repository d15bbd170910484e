import { expect, test } from "vitest";
import { parsePage } from "./markdown-page.mjs";

const page = (...lines: string[]) => parsePage("docs/x.md", lines.join("\n"));

test("blocks are found with their line and language, in lists too", () => {
  const { blocks } = page("# X", "```ts", "one();", "```", "- a", "  ```sh", "  two", "  ```", "", "````md", "```ts", "```", "````");
  expect(blocks.map(({ line, language, code }) => [line, language, code])).toEqual([
    [3, "ts", "one();"],
    [7, "sh", "two"],
    [11, "md", "```ts\n```"],
  ]);
});

test("comments above a block say what to do with it", () => {
  const { blocks } = page("<!-- docs: given", "const a = 1;", "-->", "<!-- docs: then", "b();", "-->", "```ts", "a;", "```", "<!-- docs: not run: it is late -->", "", "```sh", "ls", "```", "```sh", "ls", "```");
  expect(blocks.map(({ markers }) => markers)).toMatchObject([
    { given: "const a = 1;\n", then: "b();\n", continues: false, notRun: undefined },
    { given: "", notRun: "it is late" },
    { notRun: undefined },
  ]);
});

test.each([
  ["<!-- docs: not run -->", "is no marker"],
  ["<!-- docs: not run: -->", "is no marker"],
  ["<!-- docs: continue -->", "is no marker"],
  ["<!-- docs: given -->", "is no marker"],
  ["<!-- docs: continues -->\ntext", "stands above something that is no block"],
])("%j is refused", (comment, message) => {
  expect(() => page(comment, "", "```ts", "a;", "```")).toThrow(message);
});
