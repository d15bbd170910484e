import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { addInherited, docstringsOf, type Docstrings } from "./api-docstrings.mjs";
import { extractApi, type ApiExtraction, type ApiItem } from "./api-extraction.mjs";
import { withTemporaryFolder } from "./temporary-folder.mjs";

const declarations = `
/** A shape. */
export interface Shape {
  /**
   * Its area, m².
   *
   * @throws RangeError when it has none.
   */
  area(): number;
  corners: number;
}
/** A circle; {@link Shape} is what it is, {@link Sphere} what it is not. */
export declare class Circle implements Shape {
  area(): number;
  /** None. */
  corners: number;
  private radius;
}
export declare function draw(shape: Shape): void;
`;

let extraction: ApiExtraction;
let docstrings: Docstrings;

beforeAll(async () => {
  await withTemporaryFolder(async (folder: string) => {
    await mkdir(join(folder, "dist"));
    await writeFile(join(folder, "dist", "index.d.ts"), declarations);
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "shapes", version: "1.0.0", types: "dist/index.d.ts" }));
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { module: "nodenext", types: [] }, include: ["dist"] }));
    extraction = extractApi(folder);
    docstrings = docstringsOf(extraction);
  });
  // Nothing is measured: the compiler reads its own library, which takes long on a busy machine.
}, 180_000);

it("reports the public declarations", () => {
  expect(extraction.report).toContain("export class Circle implements Shape");
  expect(extraction.report).not.toContain("radius");
});

describe("docstrings", () => {
  it("are missing where nothing is said, and nothing inherited", () => {
    expect(docstrings.missing).toEqual([expect.stringMatching(/^Shape\.corners \(.*index\.d\.ts:10\)$/), expect.stringMatching(/^draw \(.*:19\)$/)]);
  });

  it("are inherited from an interface, with the errors that are thrown", () => {
    expect(docstrings.inherited).toEqual([{ owner: "Circle", member: "area", text: "Its area, m².\n\n@throws RangeError when it has none." }]);
  });

  it("have links that lead somewhere", () => {
    expect(docstrings.deadLinks).toEqual([expect.stringContaining("Sphere")]);
  });

  it("stand in the model where they are inherited", () => {
    const [entryPoint] = extraction.model.members as [ApiItem];
    const area = () => entryPoint.members?.find(({ name }) => name === "Circle")?.members?.find(({ name }) => name === "area")?.docComment;
    expect(area()).toBe("");
    addInherited(extraction.model, docstrings.inherited);
    expect(area()).toBe("/**\n * Its area, m².\n *\n * @throws RangeError when it has none.\n */\n");
  });
});
