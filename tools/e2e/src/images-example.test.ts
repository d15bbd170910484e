import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { pixelsPerImage, readHeldOut } from "@bentoml-tools/digits";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

const script = fileURLToPath(new URL("../../../docs/examples/images/digits.mjs", import.meta.url));

let home: string;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "bentoml-example-"));
  server = spawn(process.execPath, [script, "0"], { env: { ...process.env, BENTOML_HOME: home }, stdio: ["ignore", "pipe", "inherit"] });
  const line = once(createInterface({ input: server.stdout as NodeJS.ReadableStream }), "line");
  const [said] = (await Promise.race([line, once(server, "exit")])) as [unknown];
  if (typeof said !== "string") throw new Error(`The example ended with code ${String(said)}.`);
  url = said;
});

afterAll(async () => {
  if (server.exitCode === null) {
    const ended = once(server, "exit");
    server.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  }
  rmSync(home, { recursive: true });
});

interface Reading {
  readonly digit: number;
  readonly probabilities: readonly number[];
}

const post = (body: Uint8Array): Promise<Response> => fetch(`${url}/digit`, { method: "POST", body });

/** The digit as somebody has drawn it: 160 x 160 pixels of soft strokes somewhere on paper, or with nothing behind it. */
async function drawn(pixels: readonly number[], format: "png" | "jpeg"): Promise<Uint8Array> {
  const size = { width: 8, height: 8, channels: 1 } as const;
  const large = sharp(Uint8Array.from(pixels, (ink) => Math.round(255 - (ink * 255) / 16)), { raw: size }).resize(160, 160, { kernel: "cubic" });
  const paper = { top: 50, bottom: 30, left: 70, right: 30, background: "#ffffff" };
  return sharp(await large.png().toBuffer()).extend(paper).toFormat(format).toBuffer();
}

test("reads digits that it has never seen", async () => {
  const { images, labels } = readHeldOut();
  const rows = Array.from(labels, (_, index) => [...images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage)]);
  const files = await Promise.all(rows.map((row, index) => drawn(row, index % 2 === 0 ? "png" : "jpeg")));
  const readings = await Promise.all(files.map(async (file) => (await (await post(file)).json()) as Reading));
  const right = readings.filter(({ digit }, index) => digit === labels[index]).length;
  expect(right / labels.length).toBeGreaterThan(0.98);
});

test("what is no image is refused with the reason", async () => {
  const response = await post(Buffer.from("<svg/>"));
  expect(response.status).toBe(415);
  expect(await response.json()).toEqual({ error: expect.stringContaining("SVG") });
  const cut = await post((await drawn(new Array<number>(64).fill(8), "jpeg")).subarray(0, 400));
  expect(cut.status).toBe(400);
});

test("a sheet without a drawing is read too, as whatever it looks like", async () => {
  const blank = await sharp({ create: { width: 280, height: 280, channels: 4, background: "#ffffff00" } }).png().toBuffer();
  expect((await post(blank)).status).toBe(200);
});

test("the page is there", async () => {
  const page = await fetch(url);
  expect(page.headers.get("content-type")).toContain("text/html");
  expect(await page.text()).toContain("<canvas");
});
