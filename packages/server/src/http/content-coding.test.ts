import { expect, test } from "vitest";
import { responseCoding } from "./content-coding.js";

test.each([
  ["gzip", "gzip"],
  ["deflate", "deflate"],
  ["gzip, deflate", "gzip"],
  ["deflate, gzip", "deflate"],
  ["gzip;q=0.5, deflate;q=0.9", "deflate"],
  ["GZIP ; Q=1.0", "gzip"],
  ["br, zstd", undefined],
  ["br, gzip", "gzip"],
  ["identity", undefined],
  ["identity, gzip;q=0.5", undefined],
  ["*", undefined],
  ["gzip;q=0", undefined],
  ["identity;q=0", undefined],
  ["", undefined],
  [";;;,q=", undefined],
])("Accept-Encoding %j gives %s", (header, expected) => {
  expect(responseCoding(header)).toBe(expected);
});
