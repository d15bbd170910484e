import { expect, test } from "vitest";
import { prettyJson } from "./pretty-json.js";

test("line breaks for objects, none for lists, and every digit stays", () => {
  const text = '{"a":[1,2.50,[9007199254740993]],"b":{"c":"x, [y] {z}: \\"q\\""},"d":[{"e":null},{}]}';
  expect(prettyJson(text)).toBe(`{
  "a": [1, 2.50, [9007199254740993]],
  "b": {
    "c": "x, [y] {z}: \\"q\\""
  },
  "d": [{
    "e": null
  }, {
    
  }]
}`);
  expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
});
