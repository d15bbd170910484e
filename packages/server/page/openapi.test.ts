import { expect, test } from "vitest";
import { apiOperations, exampleOf, sampleOf } from "./openapi.js";

const document = {
  info: { title: "t", version: "1" },
  paths: {
    "/a": { post: { "x-bentoml-name": "a", summary: "s", requestBody: { content: { "text/plain": {} } }, responses: { "200": { content: { "application/json": {} } } } } },
    "/livez": {},
    "/other": { post: {} },
  },
  components: { schemas: { Row: { type: "object", properties: { id: { type: "integer", minimum: 3 }, next: { $ref: "#/components/schemas/Row" } } } } },
};

test("the service's own APIs, with what they take and give", () => {
  expect(apiOperations(document)).toEqual([{ name: "a", path: "/a", summary: "s", description: "", takes: [["text/plain", {}]], gives: ["application/json"] }]);
});

test("an example of the document is before one of the schema", () => {
  const schema = { type: "string" };
  expect(exampleOf({ schema, example: "e" }, document)).toBe("e");
  expect(exampleOf({ schema, examples: { one: { value: 1 } } }, document)).toBe(1);
  expect(exampleOf({ schema }, document)).toBe("text");
});

test.each([
  [{ type: "array", items: { type: "number" }, minItems: 2 }, [0, 0]],
  [{ type: "array", prefixItems: [{ const: "a" }, { enum: [5, 6] }] }, ["a", 5]],
  [{ anyOf: [{ type: "boolean" }, { type: "null" }] }, false],
  [{ type: ["integer", "null"], default: 4 }, 4],
  [{ $ref: "#/nowhere" }, {}],
])("a sample of %j", (schema, expected) => {
  expect(sampleOf(schema, document, 0)).toEqual(expected);
});

test("a schema that holds itself ends", () => {
  expect(sampleOf({ $ref: "#/components/schemas/Row" }, document, 0)).toMatchObject({ id: 3, next: { id: 3 } });
});
