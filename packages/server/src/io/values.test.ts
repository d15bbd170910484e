import { NdArray } from "bentoml-core";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { reader, serveService, serviceOf, writer } from "../testing/served-service.js";
import { io } from "./io.js";

const json = { "Content-Type": "application/json" };

describe("io.json", () => {
  const schema = z.object({ name: z.string().trim(), size: z.number().int().default(3), tags: z.array(z.object({ "the id": z.number() })).optional() });

  test("the handler gets what the schema makes of the value", async () => {
    await using server = await serveService(reader(io.json(schema)));
    expect((await server.post("/call", { headers: json, body: { name: " a " } })).json()).toEqual({ name: "a", size: 3 });
  });

  test("what does not fit is 400 with the paths of what is wrong", async () => {
    await using server = await serveService(reader(io.json(schema)));
    const response = await server.post("/call", { headers: json, body: { size: 1.5, tags: [{ "the id": 1 }, { "the id": "x" }] } });
    expect(response.status).toBe(400);
    const { error } = response.json() as { error: string };
    for (const part of ["the body does not fit: value.name: ", "value.size: ", 'value.tags[1]["the id"]: ']) expect(error).toContain(part);
  });

  test("many problems are counted, not all told", async () => {
    await using server = await serveService(reader(io.json(z.array(z.string()))));
    const { error } = (await server.post("/call", { headers: json, body: Array.from({ length: 50 }, () => 1) })).json() as { error: string };
    expect(error).toMatch(/value\[4\]: [^;]+; and 45 more$/);
  });

  test.each([["[1,"], [""], ["NaN"], [Buffer.from([0x22, 0xff, 0x22])], [`${"[".repeat(501)}${"]".repeat(501)}`], [`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`]])("%.40j is 400", async (body) => {
    await using server = await serveService(reader(io.json()));
    expect((await server.post("/call", { headers: json, body })).status).toBe(400);
  });

  test("brackets in texts are no levels", async () => {
    await using server = await serveService(reader(io.json()));
    const body = JSON.stringify(["[".repeat(600), `"${"{".repeat(600)}`, [[1]]]);
    expect((await server.post("/call", { headers: json, body })).text).toBe(body);
    const deep = `${"[".repeat(500)}${"]".repeat(500)}`;
    expect((await server.post("/call", { headers: json, body: deep })).text).toBe(deep);
  });

  test("arrays of all kinds and bigints are written", async () => {
    const value = { array: NdArray.from([[1, 2]]), typed: Float32Array.of(0.5), count: 3n, nothing: null, text: "é" };
    await using server = await serveService(writer(io.json<unknown>(), value));
    expect((await server.post("/call", { body: "x" })).text).toBe('{"array":[[1,2]],"typed":[0.5],"count":3,"nothing":null,"text":"é"}');
  });

  test.each([[{ a: [NaN] }], [{ a: 2n ** 60n }], [undefined], [() => 1]])("%s is no answer", async (value) => {
    const reported = vi.fn();
    await using server = await serveService(writer(io.json<unknown>(), value), { onUnexpectedError: reported });
    expect((await server.post("/call", { body: "x" })).status).toBe(500);
    expect((reported.mock.calls[0]?.[0] as Error).message).toMatch(/^API call gave an answer that cannot be sent: /);
  });

  test("an answer is checked by its schema", async () => {
    const reported = vi.fn();
    await using server = await serveService(serviceOf(io.text(), io.json(z.object({ y: z.number() })), () => ({ y: "1" }) as never), { onUnexpectedError: reported });
    expect((await server.post("/call", { body: "x" })).status).toBe(500);
    expect((reported.mock.calls[0]?.[0] as Error).message).toContain("value.y: ");
  });
});

describe("io.text", () => {
  test("UTF-8 comes and goes", async () => {
    await using server = await serveService(serviceOf(io.text(), io.text({ mediaType: "text/markdown" }), (value) => `${value}!`));
    const response = await server.post("/call", { headers: { "Content-Type": "text/plain; charset=UTF-8" }, body: "é" });
    expect([response.text, response.headers["content-type"]]).toEqual(["é!", "text/markdown; charset=utf-8"]);
  });

  test("other bytes and other encodings are 400, which the original answers with 500", async () => {
    await using server = await serveService(reader(io.text()));
    expect((await server.post("/call", { body: Buffer.from([0xff]) })).json()).toEqual({ error: "the body is not UTF-8" });
    expect((await server.post("/call", { headers: { "Content-Type": 'text/plain; charset="latin1"' }, body: "a" })).json()).toEqual({ error: 'the body is said to be "latin1": send UTF-8' });
  });
});

describe("io.dataframe", () => {
  const columns = { height: "number", name: "string" } as const;
  const table = { height: [1.5, null], name: ["a", "b"] };

  test.each([
    ["records", [{ height: 1.5, name: "a" }, { name: "b", height: null }]],
    ["columns", { name: ["a", "b"], height: [1.5, null] }],
    ["columns", { name: { 0: "a", 1: "b" }, height: { 0: 1.5, 1: null } }],
    ["split", { columns: ["height", "name"], index: [0, 1], data: [[1.5, "a"], [null, "b"]] }],
  ] as const)("%s become columns", async (orient, body) => {
    await using server = await serveService(reader(io.dataframe({ orient, columns })));
    expect(JSON.stringify((await server.post("/call", { headers: json, body })).json())).toBe(JSON.stringify(table));
  });

  test.each([
    ["records", { height: 1 }, /must be a list with a record for each row/],
    ["records", [{ height: 1, name: "a" }, 3], /row 1 is none/],
    ["records", [{ height: "tall", name: "a" }], /column "height" has "tall" in row 0: it must be number or null/],
    ["records", [{ height: 1, name: "a" }, { height: 1 }], /with the columns height, name; row 1 lacks "name"/],
    ["records", [{ height: 1, name: "a", more: 1 }], /with the columns height, name; row 0 has "more" too/],
    ["columns", { height: [1], name: ["a", "b"] }, /of one length; "height" has 1 values, "name" has 2/],
    ["columns", { height: 1, name: [] }, /"height" is none/],
    ["split", { columns: ["height", "name"], data: [[1]] }, /row 0 is none/],
    ["split", { columns: ["height", "height"], data: [] }, /different names/],
    ["split", [], /must be as/],
    ["split", { columns: ["height", "name"], index: 1, data: [] }, /must be as/],
  ] as const)("%s that are %j are 400", async (orient, body, message) => {
    await using server = await serveService(reader(io.dataframe({ orient, columns })));
    const response = await server.post("/call", { headers: json, body: JSON.stringify(body) });
    expect([response.status, response.json()]).toEqual([400, { error: expect.stringMatching(message) as string }]);
  });

  test("without rules any plain values are taken, and nothing else", async () => {
    await using server = await serveService(reader(io.dataframe()));
    expect((await server.post("/call", { headers: json, body: "[]" })).json()).toEqual({});
    expect((await server.post("/call", { headers: json, body: [{ a: 1, b: true }] })).json()).toEqual({ a: [1], b: [true] });
    expect((await server.post("/call", { headers: json, body: [{ a: 1 }, { b: true }] })).json()).toEqual({ error: 'the table must be a list of records with the columns a; row 1 lacks "a"' });
    expect((await server.post("/call", { headers: json, body: [{ a: [1] }] })).status).toBe(400);
  });

  class Frame {
    readonly columns = ["height", "name"];
    readonly index = ["x", "y"];
    readonly values = [[1.5, "a"], [null, "b"]];
  }
  test.each([
    ["records", table, [{ height: 1.5, name: "a" }, { height: null, name: "b" }]],
    ["records", [{ height: 1.5, name: "a" }], [{ height: 1.5, name: "a" }]],
    ["columns", { height: Float32Array.of(1.5), name: ["a"] }, { height: { 0: 1.5 }, name: { 0: "a" } }],
    ["columns", new Frame(), { height: { x: 1.5, y: null }, name: { x: "a", y: "b" } }],
    ["split", new Frame(), { columns: ["height", "name"], index: ["x", "y"], data: [[1.5, "a"], [null, "b"]] }],
  ] as const)("%s are written of tables of all kinds", async (orient, value, expected) => {
    await using server = await serveService(writer(io.dataframe({ orient }), value));
    expect((await server.post("/call", { body: "x" })).json()).toEqual(expected);
  });

  test("a column of an unknown kind is refused when the descriptor is made", () => {
    expect(() => io.dataframe({ columns: { a: "float" as never } })).toThrow('column "a" is "float": a column is one of number, integer, string, boolean');
  });
});

describe("io.series", () => {
  test.each([
    ["records", [1, 2]],
    ["columns", { 0: 1, 1: 2 }],
    ["split", { name: "a", data: [1, 2] }],
  ] as const)("%s become a list", async (orient, body) => {
    await using server = await serveService(reader(io.series({ orient, kind: "integer" })));
    expect((await server.post("/call", { headers: json, body })).json()).toEqual([1, 2]);
    expect((await server.post("/call", { headers: json, body: JSON.stringify(body).replace("2", "2.5") })).json()).toEqual({ error: "the series has 2.5 in row 1: it must be integer or null" });
  });

  test("lists, typed arrays and series are written", async () => {
    for (const [value, orient, expected] of [
      [[1, null], "records", [1, null]],
      [Float64Array.of(1), "columns", { 0: 1 }],
      [{ values: [1], index: ["x"], columns: ["a"] }, "split", { name: "a", index: ["x"], data: [1] }],
    ] as const) {
      await using server = await serveService(writer(io.series({ orient }), value));
      expect((await server.post("/call", { body: "x" })).json()).toEqual(expected);
    }
  });
});
