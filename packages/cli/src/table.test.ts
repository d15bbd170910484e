import { expect, test } from "vitest";
import { renderTable } from "./table.js";

test("columns are as wide as their longest cell, and numbers stand at the right", () => {
  const rows = [
    ["digits:v1", "1.00 KiB", "x"],
    ["a:b", "151.87 KiB", "longer"],
  ];
  expect(renderTable(["Tag", "Size", "Note"], rows, { rightAligned: [1] })).toBe(
    ["Tag              Size  Note", "digits:v1    1.00 KiB  x", "a:b        151.87 KiB  longer", ""].join("\n"),
  );
});

test("without rows there is the line of headers, styled as a whole", () => {
  expect(renderTable(["Tag", "Size"], [], { styleHeader: (line) => `<${line}>` })).toBe("<Tag  Size>\n");
});
