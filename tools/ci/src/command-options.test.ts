import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "bentoml";
import { expect, test } from "vitest";
import { repository } from "./repository.mjs";

const commands = [
  ["serve"],
  ["start-http-server"],
  ["start-runner-server"],
  ...["list", "get", "import", "export", "alias", "delete"].map((name) => ["models", name]),
  ["calibrate"],
  ["types"],
  ["doctor"],
];

const pages = ["packages/cli/README.md", "docs/operations/README.md", ...readdirSync(join(repository, "docs")).map((name) => `docs/${name}`)].filter((path) => path.endsWith(".md"));
const text = pages.map((path) => readFileSync(join(repository, path), "utf8")).join("\n");

/** What `--help` prints after these words. */
async function helpOf(words: readonly string[]): Promise<string> {
  let help = "";
  const write = (part: string): void => void (help += part);
  expect(await runCli([...words, "--help"], { stdout: { write }, stderr: { write } })).toBe(0);
  return help;
}

test.each(commands.map((words) => ({ command: words.join(" "), words })))("each option of bentoml $command stands in the docs", async ({ words }) => {
  const options = [...(await helpOf(words)).matchAll(/^ +(-\w)?(?:, )?(--[\w-]+)/gm)].map(([, short, long = ""]) => ({ short, long }));
  expect(options.length).toBeGreaterThan(2);
  const isTold = (option: string | undefined): boolean => option !== undefined && new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(text);
  const missing = options.filter(({ short, long }) => !["--help", "--version"].includes(long) && !isTold(long) && !isTold(short));
  expect(missing, "tell them in packages/cli/README.md or the page of docs that they belong to").toEqual([]);
});

test("the commands are all of them", async () => {
  const namesIn = (help: string): string[] => [...(help.split("Commands:\n")[1]?.split("\n\n")[0] ?? "").matchAll(/^ {2}([\w-]+)/gm)].map(([, name]) => String(name));
  const inner = namesIn(await helpOf(["models"])).map((name) => `models ${name}`);
  const outer = namesIn(await helpOf([])).filter((name) => name !== "models");
  expect([...outer, ...inner].sort()).toEqual(commands.map((words) => words.join(" ")).sort());
});
