import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ModelStore, Tag } from "bentoml-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltAdapters } from "./adapters/build-adapters.js";
import { faults } from "./adapters/faults.js";
import { linearSamples, type LinearSample } from "./adapters/linear-samples.js";
import { brokenLawsOf } from "./adapters/recorded-checks.js";
import type { LinearAdapter } from "./adapters/reference/index.js";
import type { LinearModel } from "./adapters/reference/linear-model.js";

let built: BuiltAdapters;
beforeAll(async () => {
  built = await BuiltAdapters.build();
});
afterAll(() => built.remove());

test("the reference adapter keeps every law", async () => {
  const { broken, checked } = await brokenLawsOf(built, { module: "reference/index" });
  expect(broken).toEqual([]);
  expect(checked).toBeGreaterThan(40);
});

test("an adapter that saves nothing, and whose models run elsewhere, keeps the laws that are left", async () => {
  const models = linearSamples.map(({ native, ...sample }): LinearSample => {
    const put = async (store: ModelStore, name: string): Promise<Tag> => {
      const { adapter } = (await import(built.urlOf("reference/index"))) as { readonly adapter: LinearAdapter };
      return (await adapter.saveModel(name, (native as () => LinearModel)(), { store })).tag;
    };
    return { ...sample, put };
  });
  const leftOut = { saves: "models are put there by hand", local: "it runs elsewhere", workers: "it runs elsewhere" };
  const { broken } = await brokenLawsOf(built, { module: "reference/index", options: { models, leftOut } });
  expect(broken).toEqual([]);
});

const messages: string[] = [];

test.each(faults)("$fault breaks: $law", async ({ fault, law, says, ...variant }) => {
  const { broken } = await brokenLawsOf(built, { module: `broken/${fault}`, ...variant }, [law]);
  messages.push(...broken.map(({ message }) => message.replace("AdapterContractError: ", "")));
  expect(broken).toEqual([{ law, message: expect.stringContaining(says) }]);
});

test("the messages that the README shows are those of the kit", ({ skip }) => {
  if (messages.length < faults.length) skip("it needs the messages of all faults");
  const readme = readFileSync(fileURLToPath(new URL("../../../packages/adapter-testkit/README.md", import.meta.url)), "utf8");
  const shown = [...readme.matchAll(/^\| [A-Z][^|]* \| `([^|]*)` \|$/gm)].map(([, message]) => String(message));
  expect(shown.length).toBeGreaterThanOrEqual(10);
  expect(shown.filter((text) => !messages.some((message) => isShownAs(text, message)))).toEqual([]);
});

/** Whether a message is `text`, whose dots stand for anything. */
function isShownAs(text: string, message: string): boolean {
  const parts = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*")}$`).test(message);
}

describe("faults of the package", () => {
  test.each([
    { what: "core is a dependency", law: "bentoml-core is a peer dependency, so that there is one copy of it", manifest: { peerDependencies: {}, dependencies: { "bentoml-core": "*" } } },
    { what: "saveModel is not exported", law: "the package exports what the command line calls", exported: "get, loadModel" },
  ])("$what breaks: $law", async ({ law, what: _what, ...variant }) => {
    const { broken } = await brokenLawsOf(built, { module: "reference/index", ...variant }, [law]);
    expect(broken.map((each) => each.law)).toEqual([law]);
  });

  test("a version of the contract that core does not speak is declared", async () => {
    const law = "package.json declares the adapter, and the module of what it saves";
    const { broken } = await brokenLawsOf(built, { module: "reference/index", manifest: { bentoml: { adapter: "v0", pythonModules: [] } } }, [law]);
    expect(broken).toEqual([{ law, message: expect.stringContaining('"adapter": "v0"') }]);
  });
});

test("a wrong answer is seen wherever the model runs", async () => {
  const laws = ["a model answers as expected in this thread", "a model answers as expected in worker threads", "a model answers as expected embedded in its caller"];
  const { broken } = await brokenLawsOf(built, { module: "broken/wrong-answers" }, laws);
  expect(broken.map((each) => each.law).sort()).toEqual(laws.sort());
});
