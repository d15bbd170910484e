import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidModelError } from "../../../errors/index.js";
import { packXz, unpackXz } from "./index.js";

/** Repetitive bytes with noise in them, so that every kind of match and literal occurs when they are compressed. */
function sample(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let seed = 1;
  const next = (limit: number): number => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  let at = 0;
  while (at < length) {
    const distance = 1 + next(Math.min(Math.max(at, 1), 1 + next(5000)));
    const run = 1 + next(next(4) === 0 ? 300 : 12);
    const copies = at > 0 && next(3) > 0;
    for (let i = 0; i < run && at < length; i++, at++) bytes[at] = copies ? bytes[at - Math.min(distance, at)]! : next(next(2) === 0 ? 256 : 4);
  }
  return bytes;
}

// Made by Python's lzma from sample(1500), with the settings that the names tell.
const PYTHON_DEFAULT =
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AXbATVdAC8AkMOKHAT+vo0vc6w2kgg/Ae9iQ62b6f6T4xxIYtBPzaatXsElhnhwTFANi1joD6ZuQ23n5Jp18/Uqw3joeEJs63H1CQgscu4161vwxPBQwLzwKLuv+wiuvIeBhSU3TeJ9nd2ABKXd2a4RZsy0WY8+y9AZcH6YMFI9kLcd3No0HoxHBn6d4IQBYjSElzEVaftAIhKVxn8EjRjwub226vk+6sURnlj3t6XeqYZc9MS4e78Qpv6rmdWzPxG7scS5C5xfQvps+iL410Azo+83HA/evWCJhuhaSrbIb5DsViGrAh57fg4MFsnoVq9D5bvzGuqTwcNc3mbaQi6hg5SpOG68k35v5FrL/3SRw9Uu/9Bs7ZumAZZzhO+r82+VnANQYo0Tva1dSErnanjKLN+nFSdaLXWrAAAAAADxGQO6l0HZswAB0QLcCwAA96EgALHEZ/sCAAAAAARZWg==";
const OTHER_PROPERTIES_WITHOUT_CHECK =
  "/Td6WFoAAAD/EtlBAgAhAQAAAAA3J5fW4AXbATocAC8AllX8ZhRw+IGdMl+HF3RtHb6QhRHRfIjMOlaV2JRKyrHfFccH+B8VC0VxWP49XdH5yezyMpo8xKFWcWKEeL26ajToE2/PWPsmnIIBXYdpZXOfPW2hLPZqVRKyZnRBolSTvOANILf1LicyeCLPs4ED1qQhVyvsc8H3AgWs9NH6jopIVI4itPBUHzoWrtn/t0bJmA0C03gFI3s8qct+oF60srmTro5jA2w5zEgRq8DqnYHrPWfgFsV8V4foqDxHVTbQCtnj/yiX3BWOgNuHbedxS0bZ5BzwWereEFzEScWxE61eoq+0CpgzbXPBn4+Hf7vaxknRBdFiRUhu/VmlPFGnhVI6mMDhjrC2WpQU8jMa1JAZrc7dBu3VM4fnceclR2JnRbM1l6Thi0qBtj6s7OlroAal8raPNhAAAAAAAAHOAtwLAAC5EaDyqAAK/AIAAAAAAFla";
const FASTEST_WITH_CRC32 =
  "/Td6WFoAAAFpIt42AgAhAQwAAACPmEGc4AXbATu0AC8AkPhcID08xcwtgr8zu1jeMw7sKgDLQRYLfBtVJsonyBIaIRinrsS9Psl1sJS42+UeL87U6xpMg3LV+6V6Lm+5ZkqD68FOL82LfzPTO+cF2n89GCEf4Svu9zetPlkalieQ4bRS54GZWDGg3TSLg8tsaqjiiuYpYeHSI42IAl7wylTy6ZxjDKln/toiqTpECyhuRoYlQxbIlKmIrdl987dYPOWe7Nu0M42FWrUDM5fqsB8SOLxe5c8+1PhZwz0j8hF0Lbwuxa6MaxXo56uXaAVazHVyd42KvTOOrVqsJNjeAFhj3Y9z+P4xhUCYlgFCtLBUZ0nhikQ1RVgpzhr179dgykyXw9Eo5P0o2bO6BWOCt75oPT7Rt421SG7WXJM5sWbqnkSZfNX2bDDywXBMCw0LWgUHsv6WuWT4lAAAfeRiyAAB0wLcCwAA/ADoTT4wDYsCAAAAAAFZWg==";
const SMALLEST_WITH_SHA256 =
  "/Td6WFoAAArh+wyhAgAhARwAAAAQz1jM4AXbATJdAC8AkMOKHAT+vo0vc6w2kgg/Ae9iQ62b6f6T4xxIYtBPzaatjFuiS5jz+natnc0LrNYSw7blC1xREXpckSnup6B1MfGLV4K9dQmty+7EdcCzseDD3r5vZ2OPHkMzZM8KA5IS8o13cC50E9+6BOB1wStYMM+eTYXgDnbqE+tCL/ZwpLDShaUs8dWGkmrnuSVUm0G6fTYWE5kGU4oEhe6Yx1ZQWxrwoCr3ZR0rwPPKZrzkjhQzV0wiVVuTBkx0wJTKNVEriyWxVNbVmnYF0R/2jMfr3wB9e1/QUDOH3EMoWJZhy9ZkpAt9fZFYFM5kIQeMFfU3GyGjxjM5mXXazk2pVNuN5s5ExeRTnK6hEFUjCPJa142tgP2ykME1SK3n1ecpWEaYGjxWOUAtplc1vFCovb/bwAAAAK958mOQMtGd0pDj2xjTGn/m3i7JvlwzzmV99t8G/QBAAAHmAtwLAADill8ZtunfHAIAAAAAClla";
/** "hello ", padding, a second stream of "world" with CRC32, padding. */
const SEVERAL_STREAMS =
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAFaGVsbG8gAAAACrCvBLoF7xgAAR4GwS+kHR+2830BAAAAAARZWgAAAAAAAAAA/Td6WFoAAAFpIt42AgAhARYAAAB0L+WjAQAEd29ybGQAAAAAQxF3OgABGQW86OzLkEKZDQEAAAAAAVlaAAAAAA==";
/** Made by `xz`: two blocks, "hel" and "lo ". */
const SEVERAL_BLOCKS = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQACaGVsAAD2v1o9z7DJjgIAIQEWAAAAdC/lowEAAmxvIAAA0ySVPWiU0SMAAhsDGwMAAA8oUlmxxGf7AgAAAAAEWVo=";
const EMPTY = "/Td6WFoAAATm1rRGAAAAABzfRCEftvN9AQAAAAAEWVo=";
const WITH_X86_FILTER = "/Td6WFoAAATm1rRGAgEEACEBFgANhjUf4ABjABBdAC8AkMOKHAT+vo0rqVCgAAAAn5qrNjUi3KcAASxkxHtoUx+2830BAAAAAARZWg==";
const WITH_DICTIONARY_OF_256_MIB = "/Td6WFoAAATm1rRGAgAhASAAAAAJiKV2AQAJXgKjbAP7AQIaAQAAACnY8Ds86biOAAEiChUa4WcftvN9AQAAAAAEWVo=";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

function unpack(text: string, pieceSize = 64): Promise<Buffer> {
  return collect(unpackXz(inPieces(Buffer.from(text, "base64"), pieceSize)));
}

test.each([
  ["Python's default", PYTHON_DEFAULT],
  ["other properties and no check", OTHER_PROPERTIES_WITHOUT_CHECK],
  ["the fastest preset and CRC32", FASTEST_WITH_CRC32],
])("reads %s, however the bytes arrive", async (_name, text) => {
  const expected = createHash("sha256").update(sample(1500)).digest("hex");
  for (const pieceSize of [1, 7, 64, 100_000]) {
    expect(createHash("sha256").update(await unpack(text, pieceSize)).digest("hex")).toBe(expected);
  }
});

test("reads several blocks, several streams and the padding between them", async () => {
  expect((await unpack(SEVERAL_BLOCKS)).toString()).toBe("hello ");
  expect((await unpack(SEVERAL_STREAMS)).toString()).toBe("hello world");
  expect((await unpack(EMPTY)).length).toBe(0);
});

test("an empty piece between two streams does not end the file", async () => {
  const bytes = Buffer.from(SEVERAL_STREAMS, "base64");
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for await (const byte of inPieces(bytes, 1)) yield* [byte, new Uint8Array(0)];
  };
  expect((await collect(unpackXz(source()))).toString()).toBe("hello world");
});

test("what is packed is unpacked", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 8 }), fc.integer({ min: 1, max: 5000 }), async (pieces, pieceSize) => {
      const source = async function* (): AsyncGenerator<Uint8Array> {
        yield* pieces;
      };
      const packed = await collect(packXz(source()));
      expect(await collect(unpackXz(inPieces(packed, pieceSize)))).toEqual(Buffer.concat(pieces));
    }),
  );
}, 30_000);

test("data larger than the window of the reader is packed and unpacked", async () => {
  const data = Buffer.alloc(11_000_003, "some text that does not divide the length evenly");
  const packed = await collect(packXz(inPieces(data, 300_000)));
  expect((await collect(unpackXz(inPieces(packed, 70_000)))).equals(data)).toBe(true);
}, 30_000);

test.each([
  ["a filter other than LZMA2", WITH_X86_FILTER, "other than LZMA2"],
  ["a check by SHA-256", SMALLEST_WITH_SHA256, "other than CRC32 and CRC64"],
  ["a dictionary that would fill the memory", WITH_DICTIONARY_OF_256_MIB, "more than 64 MiB in memory"],
  ["nothing", "", "empty"],
  ["something else", Buffer.from("hello world, hello world").toString("base64"), "does not begin as an xz file"],
])("%s is refused", async (_name, text, message) => {
  await expect(unpack(text)).rejects.toThrow(InvalidModelError);
  await expect(unpack(text)).rejects.toThrow(message);
});

test("data that is cut off anywhere is noticed", async () => {
  const bytes = Buffer.from(PYTHON_DEFAULT, "base64");
  for (let length = 0; length < bytes.length; length++) {
    await expect(collect(unpackXz(inPieces(bytes.subarray(0, length), 50))), `cut at ${length}`).rejects.toThrow(InvalidModelError);
  }
}, 30_000);

test("a changed byte anywhere is noticed, or changes nothing of the content", async () => {
  const bytes = Buffer.from(PYTHON_DEFAULT, "base64");
  const accepted: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 0x10;
    const content = await collect(unpackXz(inPieces(changed, 1000))).catch((error: unknown) => error);
    if (content instanceof InvalidModelError) continue;
    expect(content, `byte ${at}`).toEqual(Buffer.from(sample(1500)));
    accepted.push(at);
  }
  // The first byte of a range coder's data has no meaning; it follows the headers of stream, block, chunk.
  expect(accepted).toEqual([12 + 12 + 6]);
}, 30_000);

test("random bytes behind a valid start never do more than throw InvalidModelError", async () => {
  const start = Buffer.from(FASTEST_WITH_CRC32, "base64").subarray(0, 24);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (rest) => {
      await expect(collect(unpackXz(inPieces(Buffer.concat([start, rest]), 64)))).rejects.toThrow(InvalidModelError);
    }),
  );
}, 30_000);

test("a reader that is given up lets go of its source, and the next one reads", async () => {
  let isClosed = false;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      yield* inPieces(Buffer.from(PYTHON_DEFAULT, "base64"), 64);
    } finally {
      isClosed = true;
    }
  };
  for await (const piece of unpackXz(source())) {
    expect(piece.length).toBeGreaterThan(0);
    break;
  }
  expect(isClosed).toBe(true);
  expect(await unpack(PYTHON_DEFAULT)).toEqual(Buffer.from(sample(1500)));
});

test("damage lets go of the source, and the next one reads", async () => {
  let isClosed = false;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from("hello world");
    } finally {
      isClosed = true;
    }
  };
  await expect(collect(unpackXz(source()))).rejects.toThrow("does not begin as an xz file");
  expect(isClosed).toBe(true);
  expect(await unpack(PYTHON_DEFAULT)).toEqual(Buffer.from(sample(1500)));
});

test("an error of the source passes through, and the next one reads", async () => {
  const failure = new Error("the disk is gone");
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(PYTHON_DEFAULT, "base64").subarray(0, 100);
    throw failure;
  };
  await expect(collect(unpackXz(source()))).rejects.toBe(failure);
  expect(await unpack(PYTHON_DEFAULT)).toEqual(Buffer.from(sample(1500)));
});

test("files that are read at once do not disturb each other", async () => {
  const data = Buffer.alloc(3_000_000, "some text that does not divide the length evenly");
  const packed = await collect(packXz(inPieces(data, 300_000)));
  const [large, first, second, third] = await Promise.allSettled([
    collect(unpackXz(inPieces(packed, 70_000))),
    unpack(PYTHON_DEFAULT),
    unpack(PYTHON_DEFAULT.slice(0, 400)),
    unpack(PYTHON_DEFAULT),
  ]);
  expect(large.status === "fulfilled" && large.value.equals(data)).toBe(true);
  expect(first).toEqual({ status: "fulfilled", value: Buffer.from(sample(1500)) });
  expect(second.status).toBe("rejected");
  expect(third).toEqual(first);
});

test("what is not asked for is not read", async () => {
  let given = 0;
  const packed = await collect(packXz(inPieces(Buffer.alloc(5_000_000, 1), 100_000)));
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of inPieces(packed, 50_000)) {
      given += piece.length;
      yield piece;
    }
  };
  const reader = unpackXz(source());
  let taken = 0;
  for (let next = await reader.next(); next.done !== true && taken < 2_000_000; next = await reader.next()) taken += next.value.length;
  await new Promise((resolve) => setImmediate(resolve));
  expect(given - taken).toBeLessThan(300_000);
  await reader.return(undefined);
});
