import { expect, test } from "vitest";
import { toLuma } from "./luma.js";

const size = { width: 2, height: 1, frames: 1 };

test("grey stays what it was, for every value of 8 and of 16 bits", () => {
  for (let value = 0; value < 65_536; value += value < 256 ? 1 : 13) {
    const data = new Uint16Array(6).fill(value);
    expect(toLuma({ ...size, channels: 3, data }).data).toEqual(Uint16Array.of(value, value));
  }
});

test("colours weigh as BT.601 has them, and alpha stays", () => {
  const grey = toLuma({ ...size, channels: 4, data: Uint8Array.of(255, 0, 0, 7, 0, 255, 0, 9) });
  expect(grey).toEqual({ ...size, channels: 2, data: Uint8Array.of(76, 7, 150, 9) });
  expect(grey.data.buffer.byteLength).toBe(4);
});

test("what is grey already is not touched", () => {
  const pixels = { ...size, channels: 1, data: Uint8Array.of(1, 2) };
  expect(toLuma(pixels)).toBe(pixels);
});
