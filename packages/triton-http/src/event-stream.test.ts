import fc from "fast-check";
import { expect, test } from "vitest";
import { eventData } from "./event-stream.js";

async function read(chunks: readonly Uint8Array[]): Promise<string[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const all: string[] = [];
  for await (const data of eventData(body())) all.push(data);
  return all;
}

const bytes = Buffer.from('data: {"a":"é☃🎈"}\n\nevent: x\ndata:two\ndata: lines\n\n: comment\n\ndata: {"b":1}\r\n\r\ndata: last');
const wanted = ['{"a":"é☃🎈"}', "two\nlines", '{"b":1}', "last"];

test("events come whole however the body is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 8 }), async (cuts) => {
      const ends = [...cuts, bytes.length].sort((left, right) => left - right);
      const chunks = ends.map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
      expect(await read(chunks)).toEqual(wanted);
    }),
  );
});

test("nothing is nothing", async () => {
  expect(await read([])).toEqual([]);
});
