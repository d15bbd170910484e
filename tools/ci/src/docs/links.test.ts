import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../repository.mjs";
import { anchorsOf, brokenLinks } from "./links.mjs";
import { parsePage, readPage } from "./markdown-page.mjs";
import { pagesWithLinks } from "./pages.mjs";

test.each(pagesWithLinks)("the links of %s lead somewhere", (path) => {
  expect(brokenLinks(readPage(path))).toEqual([]);
});

test("there are links, to pages and to their headings", () => {
  const links = pagesWithLinks.flatMap((path) => readPage(path).links);
  expect(links.length).toBeGreaterThan(100);
  expect(links.filter(({ url }) => url.includes("#")).length).toBeGreaterThan(10);
});

test("the index of docs leads to every page, and to every example", () => {
  const found = new Set(readPage("docs/README.md").links.map(({ url }) => url.replace(/\/README\.md$/, "")));
  const pages = readdirSync(join(repository, "docs")).filter((name) => name.endsWith(".md") && name !== "README.md");
  const examples = readdirSync(join(repository, "docs", "examples")).map((name) => `examples/${name}`);
  expect([...pages, ...examples, "operations", "decisions"].filter((name) => !found.has(name))).toEqual([]);
});

test.each([
  ["[a](no-such-page.md)", /there is no such file/],
  ["![a](images/none.svg)", /there is no such file/],
  ["[a](batching.md#no-such-heading)", /the page has no such heading, it has adaptive-batching/],
  ["[a](#missing)", /no such heading, it has x/],
  ["[a](examples#x)", /only pages have anchors/],
  ["[a](/docs/batching.md)", /is relative/],
  ["[a](../../elsewhere.md)", /outside of the repository/],
  ["[a][b]\n\n[b]: none.md", /there is no such file/],
  ["[a](htp://example.org)", /no address of http/],
  ["[a](https://)", /no address of http/],
])("%j is found", (text, fault) => {
  expect(brokenLinks(parsePage("docs/x.md", `# X\n\n${text}\n`))[0]).toMatch(fault);
});

test.each(["[a](batching.md)", "[a](../README.md#more)", "[a](#x)", "[a](https://example.org/a#b)", "[a](examples)", "<https://example.org>"])("%j is not", (text) => {
  expect(brokenLinks(parsePage("docs/x.md", `# X\n\n${text}\n`))).toEqual([]);
});

test("anchors are made as GitHub makes them", () => {
  const page = parsePage("x.md", "# When a batch starts (`decide.ts`)\n## Logs, metrics, traces\n## Same\n## Same\n## API_server: what-is C++?\n");
  expect([...anchorsOf(page)]).toEqual(["when-a-batch-starts-decidets", "logs-metrics-traces", "same", "same-1", "api_server-what-is-c"]);
});
