import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readHeldOut } from "@bentoml-tools/digits";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawPath, dropPicture, type Point } from "./page-drawing.js";
import { hostileName } from "./page-server.js";
import { answer, best, openPlace, PageSession, run } from "./page-session.js";

const execute = promisify(execFile);
const tsx = fileURLToPath(new URL("../../../node_modules/tsx/dist/cli.mjs", import.meta.url));

let session: PageSession;

beforeAll(async () => {
  session = await PageSession.start();
});
afterAll(() => session[Symbol.asyncDispose]());

test("the overview shows models, APIs and landmarks", async () => {
  await session.onPage("", async (page) => {
    expect(await page.title()).toBe("flowers-and-figures");
    expect(await page.getByRole("main").getByRole("region", { name: "Models" }).getByRole("link").count()).toBe(5);
    expect(await page.getByRole("main").getByRole("region", { name: "APIs" }).getByRole("link").count()).toBe(5);
    for (const landmark of ["banner", "navigation", "main"] as const) expect(await page.getByRole(landmark).count()).toBe(1);
  });
});

test("pixels as JSON are read as the right digit, and the answer is shown as bars and raw", async () => {
  const { images, labels } = readHeldOut();
  await session.onPage("", async (page) => {
    await openPlace(page, "digits");
    await page.getByRole("tab", { name: "JSON" }).click();
    for (const index of [0, 1, 2]) {
      await page.getByLabel("Nested lists for image").fill(JSON.stringify([...images.subarray(index * 64, (index + 1) * 64)]));
      const answered = page.waitForResponse(/infer$/);
      await run(page);
      await answered;
      await expect.poll(() => best(page).textContent()).toBe(String(labels[index]));
    }
    expect(await answer(page).getByRole("listitem").count()).toBe(10);
    expect(await answer(page).getByRole("status").textContent()).toMatch(/ ms, \d+ B, 1 output/);
    await answer(page).getByText("JSON").click();
    const raw = answer(page).locator("pre");
    // Is written when it is opened, which the page hears of a moment later.
    await expect.poll(() => raw.textContent()).not.toBe("");
    expect(JSON.parse((await raw.textContent()) ?? "")).toMatchObject({ model_name: "digits", outputs: [{ shape: [1, 10] }] });
  });
});

const strokes: Readonly<Record<string, readonly (readonly Point[])[]>> = {
  0: [[[0.5, 0.15], [0.3, 0.3], [0.28, 0.6], [0.5, 0.85], [0.7, 0.6], [0.7, 0.3], [0.5, 0.15]]],
  1: [[[0.4, 0.3], [0.52, 0.15], [0.52, 0.85]]],
  7: [[[0.3, 0.2], [0.7, 0.2], [0.45, 0.85]], [[0.35, 0.55], [0.7, 0.55]]],
};

test.each(Object.entries(strokes))("a drawn %s is read as soon as the pen is lifted", async (digit, paths) => {
  await session.onPage("", async (page) => {
    await openPlace(page, "digits");
    for (const path of paths) await drawPath(page, page.getByLabel("A sheet to draw image on"), path);
    await expect.poll(() => best(page).textContent()).toBe(digit);
    expect(await page.getByLabel("Pixels are scaled to").inputValue()).toBe("sixteen");
  });
});

test("a dropped picture is read, light on dark as well as dark on light; what is no picture is told", async () => {
  await session.onPage("", async (page) => {
    await openPlace(page, "digits");
    for (const [paper, ink] of [["white", "black"], ["black", "white"]]) {
      await dropPicture(page, page.getByLabel("A sheet to draw image on"), `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="${paper}"/><path d="M150 60H250L180 240M160 150H245" fill="none" stroke="${ink}" stroke-width="28"/></svg>`);
      await expect.poll(() => best(page).textContent()).toBe("7");
      await page.getByRole("button", { name: "Clear" }).click();
    }
    await page.locator("input[type=file]").setInputFiles({ name: "x.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.getByText("This file is no picture that the browser can read.").waitFor();
  });
});

test("rows of a table go as one request", async () => {
  await session.onPage("", async (page) => {
    await openPlace(page, "iris");
    const flowers = [[-1, 1, -1.3, -1.3], [1.2, 0.2, 1.3, 1.6]];
    await page.getByRole("button", { name: "Add a row" }).click();
    for (const [row, values] of flowers.entries()) {
      for (const [column, value] of values.entries()) await page.getByLabel(`features, row ${row + 1}, value ${column + 1}`).fill(String(value));
    }
    await page.keyboard.press("Enter");
    await expect.poll(() => answer(page).locator("td.best").allTextContents()).toEqual(["0", "2"]);
  });
});

test("what the server refuses, and what cannot be sent, is told in words", async () => {
  await session.onPage("", async (page, watch) => {
    await openPlace(page, "iris");
    await page.getByLabel("features, row 1, value 2").fill("wide");
    await run(page);
    expect(await answer(page).getByRole("alert").textContent()).toBe('Row 1, value 2 must be a number; it is "wide".');
    await page.getByRole("tab", { name: "JSON" }).click();
    await page.getByLabel("Nested lists for features").fill('[["a", 1, 1, 1]]');
    await run(page);
    await answer(page).getByText("status 400").waitFor();
    expect(await answer(page).getByRole("alert").textContent()).toContain('input "features": element 0 of "data" must be a number');
    // The browser notes every status of 400 and more.
    expect(watch.problems.splice(0)).toEqual([expect.stringContaining("400")]);
  });
});

test("floats of 16 bits go and come as bytes", async () => {
  await session.onPage("", async (page) => {
    await openPlace(page, "half");
    await page.getByLabel("x, row 1, value 1").fill("0.3333");
    await page.getByLabel("x, row 1, value 2").fill("-1e9");
    await run(page);
    await answer(page).getByText("1 output").waitFor();
    expect(await answer(page).locator(".bar-value").allTextContents()).toEqual(["0.333", "-Infinity", "0.4"]);
  });
});

test("a name of a stranger is text, wherever it stands", async () => {
  await session.onPage("", async (page) => {
    await openPlace(page, hostileName);
    expect(await page.title()).toContain(hostileName);
    await run(page);
    await answer(page).getByText("1 output").waitFor();
    expect(await page.locator("img:not(header img)").count()).toBe(0);
    const { stdout } = await execute("sh", ["-c", (await page.getByLabel("curl snippet").textContent()) ?? ""]);
    expect(JSON.parse(stdout)).toMatchObject({ model_name: hostileName });
  });
});

test("snippets work when they are pasted", async () => {
  await session.onPage("", async (page) => {
    await openPlace(page, "iris");
    const curl = await page.getByLabel("curl snippet").textContent();
    const { stdout } = await execute("sh", ["-c", curl ?? ""]);
    expect(JSON.parse(stdout)).toMatchObject({ outputs: [{ name: "probabilities", shape: [1, 3] }] });
    await page.getByRole("tab", { name: "TypeScript" }).click();
    const typescript = await page.getByLabel("TypeScript snippet").textContent();
    expect(JSON.parse(await runTypescript(typescript ?? ""))).toEqual(JSON.parse(stdout));
  });
});

async function runTypescript(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bentoml-snippet-"));
  try {
    await writeFile(join(folder, "snippet.mts"), text);
    return (await execute(process.execPath, [tsx, join(folder, "snippet.mts")])).stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a snippet is copied", async () => {
  const context = await session.browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.goto(session.server.url);
  await openPlace(page, "iris");
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(await page.getByLabel("curl snippet").textContent());
  await context.close();
});

test("APIs of the service: text, JSON, a picture, a form, and events as they come", async () => {
  const picture = { name: "a.png", mimeType: "image/png", buffer: Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64") };
  await session.onPage("", async (page) => {
    await openPlace(page, "shout");
    await page.getByLabel("Body, text/plain").fill("hello");
    await run(page);
    await answer(page).getByText("HELLO").waitFor();
    await openPlace(page, "sum");
    await run(page);
    await answer(page).getByText('"sum": 6').waitFor();
    await openPlace(page, "weigh");
    await page.locator("input[type=file]").first().setInputFiles(picture);
    await run(page);
    await answer(page).getByText(`"bytes": ${picture.buffer.length}`).waitFor();
    await openPlace(page, "label");
    await page.getByRole("group", { name: "note" }).getByRole("textbox").fill("seen");
    await page.locator("input[type=file]").setInputFiles(picture);
    await run(page);
    await answer(page).getByText("seen: image/png").waitFor();
    await openPlace(page, "count");
    await run(page);
    await answer(page).getByText("3 events in").waitFor();
    expect(await answer(page).getByRole("list", { name: "Events" }).getByRole("listitem").allTextContents()).toEqual(["number 1", "number 2", "number 3"]);
  });
});

