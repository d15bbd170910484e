import { expect, test } from "vitest";
import { ModelDirectory } from "../model-directory.js";
import type { ServedModel } from "../served-model.js";
import { doubling } from "../testing/served-fixtures.js";
import { InferUrls } from "./infer-urls.js";

function urls(...models: readonly ServedModel[]): InferUrls<{ model: ServedModel }> {
  const targets = new Map(models.map((model) => [model, { model }]));
  return new InferUrls(new ModelDirectory(models), (model) => targets.get(model) as { model: ServedModel });
}

test("each spelling of a model's URL leads to the same target", () => {
  const model = doubling();
  const found = urls(model);
  const target = found.find("/v2/models/double/infer");
  expect(target).toEqual({ model });
  for (const url of ["/v2/models/double/infer", "/v2/models/double/infer?a=b", "/v2/models/doubl%65/infer", "/v2/models/double/versions/v1/infer"]) {
    expect(found.find(url)).toBe(target);
  }
});

test("without a version the first one given of a name answers", () => {
  const [newer, older] = [{ ...doubling(), version: "2" }, { ...doubling(), version: "1" }];
  const found = urls(newer, older);
  expect(found.find("/v2/models/double/infer")).toEqual({ model: newer });
  expect(found.find("/v2/models/double/versions/1/infer")).toEqual({ model: older });
});

test("other URLs are not taken, unknown models are missed", () => {
  const found = urls(doubling());
  for (const url of ["/", "/v2/models/double", "/v2/models/double/infer/", "/v2/models//infer", "/v2/models/a/b/infer", "/V2/models/double/infer"]) {
    expect(found.find(url)).toBeUndefined();
  }
  expect(found.find("/v2/models/nope/infer")).toEqual({ action: "infer", error: expect.objectContaining({ httpStatus: 404 }) as unknown });
  expect(found.find("/v2/models/%/infer")).toEqual({ action: "infer", error: expect.objectContaining({ httpStatus: 400 }) as unknown });
});

test("any number of spellings is answered, a bounded number remembered", () => {
  const found = urls(doubling());
  const target = found.find("/v2/models/double/infer");
  for (let index = 0; index < 3000; index++) expect(found.find(`/v2/models/double/infer?${index}`)).toBe(target);
  expect(found.remembered).toBeLessThanOrEqual(1024);
});
