import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelStore } from "bentoml-core";
import { get, saveModel } from "bentoml-onnx";
import { io, servedModel, Service, type ServedModel } from "bentoml-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, best, openPlace, PageSession, run } from "./page-session.js";

const example = fileURLToPath(new URL("../../../docs/examples/iris/", import.meta.url));
const species = ["setosa", "versicolor", "virginica"];
const columns = { "sepal length": "number", "sepal width": "number", "petal length": "number", "petal width": "number", species: "string" } as const;

let home: string;
let session: PageSession;

/** A model that was saved with the names of its classes. */
async function irisWithNames(): Promise<ServedModel> {
  const store = new ModelStore(home);
  const { tag } = await saveModel("iris", join(example, "iris.onnx"), { store, metadata: { labels: species }, signatures: { run: { batchable: true } } });
  const model = get(tag, { store });
  return servedModel(model, model.toRunner());
}

function tables(): Service {
  const service = new Service("tables");
  service.api("count", { input: io.dataframe({ columns }), output: io.json<Record<string, number>>() }, (table) =>
    Object.fromEntries(species.map((name) => [name, table.species.filter((value) => value === name).length])),
  );
  return service;
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bentoml-names-"));
  session = await PageSession.start({ models: [await irisWithNames()], service: tables() });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await rm(home, { recursive: true });
});

test("the classes of a model that knows their names are shown with them", async () => {
  await session.onPage("", async (page) => {
    await openPlace(page, "iris");
    for (const [place, value] of [-1, 1, -1.3, -1.3].entries()) await page.getByLabel(`features, row 1, value ${place + 1}`).fill(String(value));
    await run(page);
    await expect.poll(() => best(page).textContent()).toBe("0 setosa");
    expect(await answer(page).getByRole("listitem").allTextContents()).toEqual(species.map((name, index) => expect.stringMatching(new RegExp(`^${index} ${name}[<\\d]`)) as string));
    await page.getByRole("button", { name: "Add a row" }).click();
    await run(page);
    await expect.poll(() => answer(page).getByRole("columnheader").allTextContents()).toEqual(["row", "best class", "0 setosa", "1 versicolor", "2 virginica"]);
  });
});

test("they are in the answers of the protocol as well", async () => {
  const body = JSON.stringify({
    inputs: [{ name: "features", datatype: "FP32", shape: [1, 4], data: [-1, 1, -1.3, -1.3] }],
    outputs: [{ name: "probabilities", parameters: { classification: 1 } }],
  });
  const response = await fetch(`${session.server.url}/v2/models/iris/infer`, { method: "POST", body });
  expect(await response.json()).toMatchObject({ outputs: [{ datatype: "BYTES", data: [expect.stringMatching(/^0\.9\d+:0:setosa$/) as string] }] });
});

test("a CSV file is dropped on the form of an API that takes tables", async () => {
  const csv = await readFile(join(example, "iris.csv"), "utf8");
  await session.onPage("", async (page) => {
    await openPlace(page, "count");
    await page.getByRole("tab", { name: "text/csv" }).click();
    const text = page.getByLabel(/^Body, text\/csv/);
    expect(await text.inputValue()).toBe(`${Object.keys(columns).join(",")}\n0,0,0,0,text\n`);
    // The page's own types are not known here.
    const dataTransfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([${JSON.stringify(csv)}], "iris.csv"));
      return transfer;
    })()`);
    await text.dispatchEvent("drop", { dataTransfer });
    await expect.poll(() => text.inputValue()).toBe(csv);
    await run(page);
    await expect.poll(() => answer(page).locator("pre").textContent()).toContain('"virginica": 50');
  });
});
