import { expect, test } from "vitest";
import { readYaml } from "./yaml-text.js";

const environment = { HOST: "::1", PORT: "4000", EMPTY: "", LIST: "[1, 2]" };

test.each<[string, unknown]>([
  ["port: ${PORT:-3000}", { port: 4000 }],
  ["port: ${UNSET:-3000}", { port: 3000 }],
  ['password: "${KEYFILE_PASSWORD:-123456}"', { password: "123456" }],
  ["a: '${PORT}'", { a: "4000" }],
  ["a: ${EMPTY:-x}", { a: "x" }],
  ["a: ${EMPTY}", { a: null }],
  ["a: ${UNSET:-}", { a: null }],
  ["a: http://${HOST}/${PORT}", { a: "http://::1/4000" }],
  ["a: ${LIST}", { a: [1, 2] }],
  ["- ${PORT}\n- $${PORT}\n- $PORT", [4000, "${PORT}", "$PORT"]],
  ["${HOST}: 1", { "::1": 1 }],
])("%s", (text, value) => {
  expect(readYaml(text, environment)).toEqual(value);
});

test("a variable that is not set is told with the cure", () => {
  expect(() => readYaml("a: ${NOWHERE}", environment)).toThrow("${NOWHERE} is not set in the environment; set it, or give a default: ${NOWHERE:-default}");
});

test.each(["a: [1", "a: 1\na: 2", "\tb: 1", "a: *nothing"])("%j is told to be no YAML, on one line", (text) => {
  expect(() => readYaml(text, environment)).toThrow(/^(it is not YAML: .*|Unresolved alias.*)$/);
});
