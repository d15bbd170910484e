import { expect, test } from "vitest";
import { NdArray } from "./index.js";

test.each([
  ["float32", Float32Array, [0, 0, 129, 255]],
  ["float64", Float64Array, [1, 0, 0, 0, 0, 0, 240, 127]],
] as const)("joining short %s arrays keeps the bits of a signalling NaN", (dtype, arrayClass, bits) => {
  // Often enough that the code is compiled: only then is the number changed.
  for (let time = 0; time < 20_000; time++) {
    const array = new NdArray(dtype, [1], new arrayClass(Uint8Array.from(bits).buffer));
    const { data } = NdArray.concat([array, array], 0);
    const bytes = new Uint8Array(data.buffer);
    if (bytes.some((byte, index) => byte !== bits[index % bits.length])) expect([...bytes]).toEqual([...bits, ...bits]);
  }
});
