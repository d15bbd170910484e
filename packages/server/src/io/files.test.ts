import { NdArray } from "bentoml-core";
import { describe, expect, test, vi } from "vitest";
import { reader, serveService, serviceOf, writer } from "../testing/served-service.js";
import { io } from "./io.js";
import type { ReceivedFile } from "./received-file.js";

const png = Buffer.from("\x89PNG\r\n\x1a\nrest", "latin1");
const facts = (file: ReceivedFile): unknown => [file.constructor === Uint8Array, file.length, file.mimeType, file.fileName ?? null];

/** A form as clients send it. */
async function form(fields: Readonly<Record<string, string | Blob | File>>): Promise<{ headers: Record<string, string>; body: Buffer }> {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  const request = new Request("http://localhost", { method: "POST", body: data });
  return { headers: { "Content-Type": request.headers.get("content-type") as string }, body: Buffer.from(await request.arrayBuffer()) };
}

describe("io.image", () => {
  test("the bytes come as they are, from a body or from the first fitting field of a form", async () => {
    await using server = await serveService(reader(io.image(), facts));
    expect((await server.post("/call", { headers: { "Content-Type": "image/png" }, body: png })).json()).toEqual([true, 12, "image/png", null]);
    const sent = await form({ note: "x", picture: new File([png], "a.png", { type: "image/png" }) });
    expect((await server.post("/call", sent)).json()).toEqual([true, 12, "image/png", "a.png"]);
  });

  test("other types are 415; none is 415, which the original answers with 500", async () => {
    await using server = await serveService(reader(io.image({ mimeTypes: ["image/png"] }), facts));
    for (const headers of [{}, { "Content-Type": "image/jpeg" }, { "Content-Type": "application/pdf" }]) {
      const response = await server.post("/call", { headers, body: png });
      expect([response.status, response.json()]).toEqual([415, { error: expect.stringContaining("send image/png, multipart/form-data") as string }]);
    }
  });

  test("an empty one, one that is something else than it says, and a form without one are 400", async () => {
    await using server = await serveService(reader(io.image(), facts));
    expect((await server.post("/call", { headers: { "Content-Type": "image/png" }, body: "" })).json()).toEqual({ error: "the image is empty: send the bytes of a file" });
    expect((await server.post("/call", { headers: { "Content-Type": "image/jpeg" }, body: png })).json()).toEqual({ error: "the body is said to be image/jpeg, but it begins as image/png" });
    expect((await server.post("/call", await form({ a: "1" }))).json()).toEqual({ error: expect.stringContaining("the form has no field that is image/png") as string });
  });

  test("answers have the type that their bytes begin as, or the one that was said", async () => {
    for (const [descriptor, value, type] of [
      [io.image(), png, "image/png"],
      [io.image(), { bytes: png }, "image/png"],
      [io.image({ outputMimeType: "image/x-own" }), Buffer.from("own"), "image/x-own"],
    ] as const) {
      await using server = await serveService(writer(descriptor, value));
      const response = await server.post("/call", { body: "x" });
      expect([response.headers["content-type"], response.bytes.length]).toEqual([type, value instanceof Uint8Array ? value.length : png.length]);
    }
  });
});

describe("io.file", () => {
  test("any bytes are taken, with what they are said to be", async () => {
    await using server = await serveService(reader(io.file(), facts));
    expect((await server.post("/call", { headers: { "Content-Type": "application/pdf" }, body: "pdf" })).json()).toEqual([true, 3, "application/pdf", null]);
    expect((await server.post("/call", { body: "pdf" })).json()).toEqual([true, 3, "application/octet-stream", null]);
    expect((await server.post("/call", await form({ a: new File(["12"], "../../b.txt") }))).json()).toEqual([true, 2, "application/octet-stream", "b.txt"]);
  });

  test("types may be chosen", async () => {
    await using server = await serveService(reader(io.file({ mimeTypes: ["audio/*"] }), facts));
    expect((await server.post("/call", { headers: { "Content-Type": "audio/ogg" }, body: "x" })).status).toBe(200);
    expect((await server.post("/call", { headers: { "Content-Type": "video/ogg" }, body: "x" })).status).toBe(415);
    expect((await server.post("/call", { body: "x" })).status).toBe(415);
  });

  test("an answer may have a type and a name", async () => {
    await using server = await serveService(writer(io.file(), { bytes: png, mimeType: "image/png", fileName: "é (1).png" }));
    const { headers } = await server.post("/call", { body: "x" });
    expect([headers["content-type"], headers["content-disposition"]]).toEqual(["image/png", "attachment; filename*=UTF-8''%C3%A9%20%281%29.png"]);
  });
});

describe("io.multipart", () => {
  const fields = { image: io.image(), size: io.json<number>(), note: io.text(), x: io.ndarray({ dtype: "int32", shape: [-1] }) };
  const good = { x: "[1,2]", note: "é", size: new Blob(["3"], { type: "application/json" }), image: new File([png], "a.png", { type: "image/png" }) };

  test("each field is read by its descriptor, in any order, without a type as the usual one", async () => {
    await using server = await serveService(reader(io.multipart(fields), ({ image, size, note, x }) => [facts(image), size, note, [...x.data]]));
    expect((await server.post("/call", await form(good))).json()).toEqual([[true, 12, "image/png", "a.png"], 3, "é", [1, 2]]);
  });

  test.each([
    ["a field that is missing", { ...good, note: undefined }, 'the form lacks the field "note"'],
    ["a field that nobody knows", { ...good, more: "1" }, 'there is no field "more": the form has the fields image, size, note, x'],
    ["a value that does not fit", { ...good, x: "[1.5]" }, 'the field "x": value[0] is 1.5'],
    ["a type that does not fit", { ...good, image: "text" }, 'the field "image" is without a type: send it as image/png'],
    ["a type that is another", { ...good, x: new Blob(["1"], { type: "image/png" }) }, 'the field "x" is image/png: send it as application/json'],
  ])("%s is 400", async (_what, given, message) => {
    await using server = await serveService(reader(io.multipart(fields), () => 1));
    const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Record<string, string>;
    const response = await server.post("/call", await form(present));
    expect([response.status, response.json()]).toEqual([400, { error: expect.stringContaining(message) as string }]);
  });

  test("a field that is there twice is 400", async () => {
    await using server = await serveService(reader(io.multipart({ a: io.text() }), () => 1));
    const { headers, body } = await form({ a: "1" });
    const boundary = (headers["Content-Type"] as string).split("boundary=")[1] as string;
    const twice = body.toString().replace(`--${boundary}--`, `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n2\r\n--${boundary}--`);
    expect((await server.post("/call", { headers, body: twice })).json()).toEqual({ error: 'the field "a" is there twice' });
  });

  test.each([
    ["no boundary", "multipart/form-data", "x"],
    ["no form", "multipart/form-data; boundary=b", "nothing of the kind"],
    ["an empty body", "multipart/form-data; boundary=b", ""],
    ["a form that breaks off in a field", "multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1'],
    ["a form that breaks off in a header", "multipart/form-data; boundary=b", "--b\r\nContent-Disp"],
    ["a field without a name", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--"],
    ["too many fields", "multipart/form-data; boundary=b", `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(1001)}--b--`],
    ["a header without an end", "multipart/form-data; boundary=b", `--b\r\nContent-Disposition: ${"x".repeat(100_000)}`],
  ])("%s is 400", async (_what, type, body) => {
    await using server = await serveService(reader(io.multipart({ a: io.text() }), () => 1));
    expect((await server.post("/call", { headers: { "Content-Type": type }, body })).status).toBe(400);
  });

  test("an answer is a form of its fields", async () => {
    const output = io.multipart({ image: io.image(), x: io.ndarray() });
    await using server = await serveService(serviceOf(io.text(), output, () => ({ image: png, x: NdArray.from([1, 2]) })));
    const response = await server.post("/call", { body: "x" });
    const boundary = /boundary=(.+)$/.exec(response.headers["content-type"] as string)?.[1];
    expect(response.bytes.toString("latin1").split(`--${boundary}`)).toEqual([
      "",
      `\r\nContent-Disposition: form-data; name="image"\r\nContent-Type: image/png\r\n\r\n${png.toString("latin1")}\r\n`,
      '\r\nContent-Disposition: form-data; name="x"\r\nContent-Type: application/json\r\n\r\n[1,2]\r\n',
      "--\r\n",
    ]);
  });

  test("no fields, and a form in a form, are refused when the descriptor is made", () => {
    expect(() => io.multipart({})).toThrow("needs a field at least");
    expect(() => io.multipart({ inner: io.multipart({ a: io.text() }) })).toThrow('the field "inner" is a form in a form');
  });
});

test("an answer of a field that does not fit is the API's fault", async () => {
  const reported = vi.fn();
  await using server = await serveService(writer(io.multipart({ a: io.text() }), { a: 3 as never }), { onUnexpectedError: reported });
  expect((await server.post("/call", { body: "x" })).status).toBe(500);
  expect(reported).toHaveBeenCalledOnce();
});
