import { expect, test } from "vitest";
import { byteSize } from "./byte-size.js";

test.each([
  [0, "0.00 B"],
  [1023, "1023.00 B"],
  [1024, "1.00 KiB"],
  [1024 * 1024 - 1, "1024.00 KiB"],
  [1.5 * 1024 ** 2, "1.50 MiB"],
  [1024 ** 3, "1.00 GiB"],
  [5000 * 1024 ** 4, "5000.00 TiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(byteSize(bytes)).toBe(text);
});
