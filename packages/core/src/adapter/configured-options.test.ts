import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Configuration } from "../configuration/index.js";
import { InvalidArgumentError } from "../errors/index.js";
import { ModelStore } from "../models/index.js";
import { defineAdapter } from "./define-adapter.js";

let root: string;
let store: ModelStore;
/** What the adapter made runners of. */
let used: object[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "configured-options-"));
  store = new ModelStore(root);
  used = [];
  await adapter.saveModel("text:v1", "hello", { store });
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const adapter = defineAdapter<string, { readonly padTo?: number; readonly device?: string }>({
  name: "bentoml-text",
  module: "bentoml.text",
  pythonModules: [],
  apiVersion: "v1",
  runnerOptions: ["padTo", "device"],
  runnable: (_model, { padTo, device }) => {
    if (padTo !== undefined && padTo < 1) throw new InvalidArgumentError(`padTo is ${padTo}; it must be 1 or more.`);
    used.push({ padTo, device });
    return { module: "file:///text.js", export: "Text", params: {}, methods: { run: {} } };
  },
  save: async (draft, text) => {
    writeFileSync(draft.pathOf("text.txt"), text);
    return { signatures: {}, frameworkName: "text", frameworkVersions: {}, apiVersion: "v1" };
  },
  load: async () => "",
});

const configured = (options: object): Configuration => Configuration.load({ file: false, environment: {}, options: { runners: { text: { options } } } });

test("the options of the runner's own section go to the adapter, those of the program win", () => {
  const configuration = configured({ padTo: 8, device: "cpu" });
  const model = adapter.get("text", { store });
  model.toRunner({ configuration });
  model.toRunner({ configuration, padTo: 4 });
  model.withOptions({ device: "gpu" }).toRunner({ configuration });
  model.toRunner({ configuration, name: "Other" });
  expect(used).toEqual([{ padTo: 8, device: "cpu" }, { padTo: 4, device: "cpu" }, { padTo: 8, device: "gpu" }, { padTo: undefined, device: undefined }]);
});

test("an option that the adapter does not have is an error with its place and a near name; a runner's option is none of the adapter's", () => {
  const model = adapter.get("text", { store });
  expect(() => model.toRunner({ configuration: configured({ padto: 8 }) })).toThrow(/^runners\.text\.options in .* is for bentoml-text, which has no option "padto", did you mean "padTo"\?/);
  expect(() => model.toRunner({ configuration: configured({ workers: 8 }) })).toThrow(/which has no option "workers"/);
});

test("a value that the adapter refuses is an error with its place", () => {
  expect(() => adapter.get("text", { store }).toRunner({ configuration: configured({ padTo: 0 }) })).toThrow(/^padTo is 0; it must be 1 or more\. \(Options come from runners\.text\.options in /);
});

test("what is no mapping is refused when it is read, and the options are of one runner", () => {
  expect(() => configured([1])).toThrow(/runners\.text\.options is \[ 1 \]; it must be a mapping of options of the model's adapter/);
  expect(() => Configuration.load({ file: false, environment: {}, options: { runners: { options: { padTo: 1 } } } })).toThrow(/runners\.options\.padTo/);
});
