import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { pixelsPerImage, readHeldOut } from "@bentoml-tools/digits";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../../docs/examples/service/", import.meta.url));
const { images, labels } = readHeldOut();
const rows = Array.from(labels, (_, index) => [...images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage)]);

let home: string;
let server: ChildProcess;
let url: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "bentoml-service-"));
  const env = { ...process.env, BENTOML_HOME: home };
  execFileSync(process.execPath, [join(folder, "save-models.mjs")], { env });
  server = spawn(process.execPath, [join(folder, "serve.mjs"), "0"], { env, stdio: ["ignore", "pipe", "inherit"] });
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

async function post(path: string, body: string | Uint8Array | FormData, type?: string): Promise<Response> {
  return fetch(`${url}${path}`, { method: "POST", body: body as string, ...(type === undefined ? {} : { headers: { "Content-Type": type } }) });
}

/** The digit as somebody has drawn it on paper. */
async function drawn(index: number): Promise<Uint8Array<ArrayBuffer>> {
  const size = { width: 8, height: 8, channels: 1 } as const;
  const large = sharp(Uint8Array.from(rows[index] as number[], (ink) => Math.round(255 - (ink * 255) / 16)), { raw: size }).resize(160, 160, { kernel: "cubic" });
  const paper = { top: 50, bottom: 30, left: 70, right: 30, background: "#ffffff" };
  return new Uint8Array(await sharp(await large.png().toBuffer()).extend(paper).png().toBuffer());
}

/** Digits as an array [digits, 1, 8, 8] in JSON. */
function nested(count: number): string {
  const grid = (row: readonly number[]): number[][] => Array.from({ length: 8 }, (_, line) => row.slice(line * 8, line * 8 + 8));
  return JSON.stringify(rows.slice(0, count).map((row) => [grid(row)]));
}

/** What the service reads in a picture of the digit. */
async function classified(index: number): Promise<number> {
  return ((await (await post("/classify", await drawn(index), "image/png")).json()) as { digit: number }).digit;
}

const best = (row: readonly number[]): number => row.indexOf(Math.max(...row));

test("images go through both runners", async () => {
  const read = await Promise.all(rows.map((_row, index) => classified(index)));
  const right = read.filter((digit, index) => digit === labels[index]).length;
  expect(right / labels.length).toBeGreaterThan(0.98);
  const form = new FormData();
  form.set("any name", new File([await drawn(0)], "digit.png", { type: "image/png" }));
  expect(await (await post("/classify", form)).json()).toMatchObject({ digit: read[0] });
});

test("what the recipe refuses is the client's fault, and says why", async () => {
  const cut = (await drawn(0)).subarray(0, 300);
  const response = await post("/classify", cut, "image/png");
  expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) as string }]);
  expect((await post("/classify", "<svg/>", "image/svg+xml")).status).toBe(415);
});

test("arrays come as JSON or as bytes, and go as what is asked for", async () => {
  const json = (await (await post("/probabilities", nested(20), "application/json")).json()) as number[][];
  expect(json.filter((row, index) => best(row) === labels[index]).length).toBeGreaterThanOrEqual(19);
  const bytes = new Uint8Array(Float32Array.from(rows.slice(0, 20).flat()).buffer);
  const response = await fetch(`${url}/probabilities`, { method: "POST", body: bytes, headers: { "Content-Type": "application/octet-stream", Accept: "application/octet-stream" } });
  expect(response.headers.get("payload-meta")).toBe('{"dtype":"float32","shape":[20,10]}');
  const values = new Float32Array(await response.arrayBuffer());
  for (const [row, probabilities] of json.entries()) {
    for (const [digit, probability] of probabilities.entries()) expect(values[row * 10 + digit]).toBeCloseTo(probability, 5);
  }
  const wrong = await post("/probabilities", "[[1,2]]", "application/json");
  expect([wrong.status, await wrong.json()]).toEqual([400, { error: "the array must have the shape [-1, 1, 8, 8] (-1 is any), it has [1, 2]" }]);
});

test("tables become a series", async () => {
  const table = rows.slice(0, 20).map((row) => Object.fromEntries(row.map((ink, place) => [`p${place}`, ink])));
  const read = (await (await post("/v1/table", JSON.stringify(table), "application/json")).json()) as number[];
  expect(read.filter((digit, index) => digit === labels[index]).length).toBeGreaterThanOrEqual(19);
  expect((await post("/v1/table", '[{"p0": "dark"}]', "application/json")).status).toBe(400);
});

test("forms have a value of each kind", async () => {
  const form = new FormData();
  const [left, right] = await Promise.all([classified(0), classified(1)]);
  form.set("sum", JSON.stringify({ expected: left + right }));
  form.set("right", new File([await drawn(1)], "b.png", { type: "image/png" }));
  form.set("left", new File([await drawn(0)], "a.png", { type: "image/png" }));
  expect(await (await post("/check_sum", form)).json()).toEqual({ left, right, isRight: true });
  form.set("sum", JSON.stringify({ expected: 30 }));
  const wrong = await post("/check_sum", form);
  expect([wrong.status, await wrong.json()]).toEqual([400, { error: expect.stringContaining('the field "sum": the body does not fit: value.expected') as string }]);
});

test("text comes and goes, with a status of the handler's choice", async () => {
  expect(await (await post("/describe", "7", "text/plain")).text()).toBe("seven");
  expect((await post("/describe", "many", "text/plain")).status).toBe(404);
});

test("a stream has an event for each digit", async () => {
  const response = await post("/read_each", nested(5), "application/json");
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = [...(await response.text()).matchAll(/^data: (.+)$/gm)].map(([, data]) => JSON.parse(data as string) as { row: number; digit: number });
  expect(events.map(({ row }) => row)).toEqual([0, 1, 2, 3, 4]);
  expect(events.filter(({ row, digit }) => digit === labels[row]).length).toBeGreaterThanOrEqual(4);
});

test("the runners are models too, the document tells of all APIs, the plugin answers, and metrics count", async () => {
  const infer = await post("/v2/models/digits/infer", JSON.stringify({ inputs: [{ name: "image", datatype: "FP32", shape: [1, 1, 8, 8], data: rows[0] }] }));
  expect(infer.status).toBe(200);
  const { paths } = (await (await fetch(`${url}/docs.json`)).json()) as { paths: Record<string, unknown> };
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(["/classify", "/probabilities", "/v1/table", "/check_sum", "/describe", "/read_each"]));
  expect(await (await fetch(`${url}/about`)).json()).toEqual({ service: "digit-reader", version: "1.0.0" });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/bentoml_api_server_request_total\{endpoint="\/classify",.*service_name="digit-reader",service_version="1.0.0",http_response_code="200"\}/);
});
