import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reader, serveService, writer } from "../testing/served-service.js";
import { io } from "./io.js";
import { csvField, csvText } from "./csv-text.js";
import { csvColumns } from "./table-csv.js";
import type { ReceivedContent } from "./descriptor.js";

const csv = { "Content-Type": "text/csv" };
const contentOf = (text: string | Buffer): ReceivedContent => ({ bytes: Buffer.from(text as string), mediaType: { name: "text/csv", parameters: {} }, headers: {} });

test("the texts of any table come back, with commas, quotes, line ends and letters of several bytes", async () => {
  const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\uFEFF", ""));
  const tables = fc.uniqueArray(text.filter((name) => name !== ""), { minLength: 1, maxLength: 4 }).chain((names) => fc.tuple(fc.constant(names), fc.array(fc.tuple(...names.map(() => text.map((value) => `v${value}`))), { maxLength: 5 })));
  await fc.assert(
    fc.asyncProperty(tables, fc.constantFrom("\n", "\r\n"), async ([names, rows], end) => {
      const lines = [names, ...rows].map((row) => row.map(csvField).join(","));
      const expected = new Map(names.map((name, place) => [name, rows.map((row) => row[place])]));
      expect(await csvColumns(contentOf(lines.join(end)))).toEqual(expected);
    }),
  );
});

test("a large body is read in many turns, so that others are served meanwhile", async () => {
  const value = "é".repeat(1001);
  let turns = 0;
  let isDone = false;
  const tick = (): void => {
    turns++;
    if (!isDone) setImmediate(tick);
  };
  setImmediate(tick);
  const columns = await csvColumns(contentOf(`a\n${`${value}\n`.repeat(600)}`));
  isDone = true;
  expect(columns.get("a")).toEqual(new Array(600).fill(value));
  expect(turns).toBeGreaterThan(10);
});

test("what has no text of its own is written as pandas writes it; what has none at all is refused", () => {
  expect(csvText(new Map([["a", [null, NaN, Infinity, -Infinity, 2n ** 60n, new Date(0), ""]]]))).toBe('a\r\n""\r\n""\r\ninf\r\n-inf\r\n1152921504606846976\r\n1970-01-01T00:00:00.000Z\r\n""\r\n');
  expect(csvText(new Map([["a", []], ["b", []]]))).toBe("a,b\r\n");
  expect(() => csvText(new Map([["a", [[1]]]]))).toThrow('column "a" has a value of type object, which has no form in CSV');
});

describe("io.dataframe", () => {
  const columns = { height: "number", count: "integer", name: "string", isOld: "boolean" } as const;
  const post = async (descriptor: ReturnType<typeof io.dataframe>, body: string | Buffer, headers: Record<string, string> = csv): Promise<readonly [number, unknown]> => {
    await using server = await serveService(reader(descriptor as never));
    const response = await server.post("/call", { headers, body });
    return [response.status, response.json()];
  };

  test("reads CSV by the kinds of its columns, in their order", async () => {
    const body = '\uFEFFname,isOld,height,count\r\n"Ann, ""A""",true, 1.5 ,3\r\n\r\n007,False,-2e-3,4.0\r\n"two\nlines",,,\r\n';
    expect(await post(io.dataframe({ columns }), body, { "Content-Type": "text/csv; charset=utf-8" })).toEqual([
      200,
      { height: [1.5, -0.002, null], count: [3, 4, null], name: ['Ann, "A"', "007", "two\nlines"], isOld: [true, false, null] },
    ]);
  });

  test("without kinds numbers and booleans are told from texts, where a column has nothing else", async () => {
    const body = "a,b,c,d,e,f\n1,true,007,1,9007199254740993,\n,FALSE,8,x,1,\n.5,true,9,2,2,\n";
    const table = { a: [1, null, 0.5], b: [true, false, true], c: ["007", "8", "9"], d: ["1", "x", "2"], e: ["9007199254740993", "1", "2"], f: [null, null, null] };
    expect(await post(io.dataframe(), body)).toEqual([200, table]);
    expect(await post(io.dataframe({ columns: ["b", "a"] }), "a,b\n1,x\n")).toEqual([200, { b: ["x"], a: [1] }]);
  });

  test("a header alone is a table of no rows", async () => {
    expect(await post(io.dataframe({ columns: ["a", "b"] }), "a,b")).toEqual([200, { a: [], b: [] }]);
  });

  const anything = io.dataframe();
  const descriptors = { "any columns": anything, "the columns": io.dataframe({ columns }) };
  test.each<[keyof typeof descriptors, string | Buffer, RegExp]>([
    ["the columns", "height,count,name,isOld\n1,2,a,true\ntall,1,b,true\n", /^column "height" has "tall" in row 1: it must be number or null$/],
    ["the columns", "height,count,name,isOld\n1e999,2,a,true\n", /column "height" has "1e999" in row 0/],
    ["the columns", "height,count,name,isOld\n1,1.5,a,true\n", /column "count" has 1.5 in row 0: it must be integer or null/],
    ["the columns", "height,count,name,isOld\n1,0x10,a,true\n", /column "count" has "0x10" in row 0/],
    ["the columns", "height,count,name,isOld\n1,1,a,yes\n", /column "isOld" has "yes" in row 0: it must be boolean or null/],
    ["the columns", "height,name\n1,a\n", /^the table must have the columns height, count, name, isOld, it has height, name$/],
    ["any columns", "a,b\n1\n", /^the body is not CSV: .*expect 2, got 1 on line 2/],
    ["any columns", "a,b\n1,2,3\n", /^the body is not CSV: .*expect 2, got 3 on line 2/],
    ["any columns", 'a,b\n1,"2\n', /^the body is not CSV: Quote Not Closed/],
    ["any columns", 'a,b\n1,2"x"\n', /^the body is not CSV: Invalid Opening Quote: a quote is found on field 1 at line 2/],
    ["any columns", `a\n"${"x".repeat(5 * 1024 * 1024)}`, /^the body is not CSV: Max Record Size/],
    ["any columns", `a,b\n1,${"x".repeat(5000)}"x"\n`, /^the body is not CSV: Invalid Opening Quote.{1,200}$/],
    ["any columns", "a,a\n1,2\n", /^the table has the column "a" twice/],
    ["any columns", ",a\n0,1\n", /^column 1 of the table has no name: .*to_csv\(index=False\)/],
    ["any columns", "", /^the body is empty: send CSV/],
    ["any columns", Buffer.from([0x61, 0xff]), /^the body is not UTF-8$/],
  ])("with %s a body that is no such table is 400 (%#)", async (which, body, message) => {
    expect(await post(descriptors[which] as typeof anything, body)).toEqual([400, { error: expect.stringMatching(message) as string }]);
  });

  test("what is said of the body holds", async () => {
    expect(await post(anything, "1,2", { "Content-Type": "text/csv; header=absent" })).toEqual([400, { error: expect.stringMatching(/first line must name/) as string }]);
    expect(await post(anything, "a", { "Content-Type": "text/csv; charset=latin1" })).toEqual([400, { error: expect.stringMatching(/"latin1": send UTF-8/) as string }]);
  });

  test("a field of a form may be CSV as well", async () => {
    await using server = await serveService(reader(io.multipart({ table: io.dataframe({ columns: ["a"] }) })));
    const body = '--x\r\nContent-Disposition: form-data; name="table"; filename="t.csv"\r\nContent-Type: text/csv\r\n\r\na\n1\n\r\n--x--\r\n';
    const response = await server.post("/call", { headers: { "Content-Type": "multipart/form-data; boundary=x" }, body });
    expect([response.status, response.json()]).toEqual([200, { table: { a: [1] } }]);
  });

  test("is written as CSV for those who ask for it, and reads it again", async () => {
    const table = { height: [1.5, null, -2e-7], name: ['a "b", c', null, "two\nlines"], isOld: [true, false, null] };
    await using server = await serveService(writer(io.dataframe(), table));
    const response = await server.post("/call", { headers: { Accept: "text/csv, application/json;q=0.5" }, body: "x" });
    expect([response.text, response.headers["content-type"]]).toEqual(['height,name,isOld\r\n1.5,"a ""b"", c",true\r\n,,false\r\n-2e-7,"two\nlines",\r\n', "text/csv; charset=utf-8"]);
    expect(await post(io.dataframe(), response.text)).toEqual([200, table]);
    for (const accept of ["*/*", "application/json", "application/json, text/csv;q=0.1"]) {
      expect((await server.post("/call", { headers: { Accept: accept }, body: "x" })).headers["content-type"]).toBe("application/json");
    }
  });

  test("OpenAPI has an example that is read", async () => {
    const descriptor = io.dataframe({ columns: { 'a,"b"': "number", c: "string" } });
    const { example } = descriptor.requestBody["text/csv"] as { example: string };
    expect(example).toBe('"a,""b""",c\n0,text\n');
    expect(await post(descriptor as never, example)).toEqual([200, { 'a,"b"': [0], c: ["text"] }]);
    expect(Object.keys(descriptor.responseBody)).toEqual(["application/json", "text/csv"]);
  });
});
