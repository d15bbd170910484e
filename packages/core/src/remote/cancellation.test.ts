import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { cancellationText, cancellationsOf } from "./cancellation.js";

const anyCancellation = fc.record({ bundle: fc.uuid(), calls: fc.array(fc.nat({ max: 127 }), { minLength: 1, maxLength: 128 }) });

test("what is given up is read as it was written", () => {
  fc.assert(
    fc.property(fc.array(anyCancellation, { minLength: 1, maxLength: 5 }), (cancellations) => {
      expect(cancellationsOf(cancellationText(cancellations))).toEqual(cancellations);
    }),
  );
});

test.each(["", "short:1", "0123456789abcdef", "0123456789abcdef:", "0123456789abcdef:1.", "0123456789abcdef:-1", "0123456789abcdef:1e9", "0123456789abcdef:1000", "0123456789abcdef:1:2", "0123456789abcdef:1,", `${"a".repeat(65)}:1`])(
  "%j is refused",
  (text) => {
    expect(() => cancellationsOf(text)).toThrow(InvalidArgumentError);
  },
);
