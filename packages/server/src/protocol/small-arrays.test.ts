import { dtypes, type Dtype } from "bentoml-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { allocateNumbers } from "./small-arrays.js";

test("pieces are zero, as long as asked for, and never share memory", () => {
  const numeric = dtypes.filter((dtype): dtype is Exclude<Dtype, "string"> => dtype !== "string");
  const request = fc.tuple(fc.constantFrom(...numeric), fc.nat({ max: 600 }));
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 200 }), (requests) => {
      const pieces = requests.map(([dtype, length]) => allocateNumbers(dtype, length));
      pieces.forEach((piece, index) => {
        expect(piece.length).toBe(requests[index]?.[1]);
        const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
        expect(bytes.every((byte) => byte === 0)).toBe(true);
        bytes.fill(0xff);
      });
    }),
    { numRuns: 30 },
  );
});
