/**
 * Takes the pictures of the page that are shown in the documentation, into `docs/images`. By hand, when the page has changed its looks:
 *
 *     npm run build && node --import tsx tools/e2e/src/page-pictures.ts
 */
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { startChromium } from "./page-browser.js";
import { drawPath } from "./page-drawing.js";
import { startPageServer } from "./page-server.js";
import { answer, link, openPlace, run } from "./page-session.js";

const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
const size = { width: 1180, height: 800 };
/** Charts with a history: seconds under load. */
const LOADED_MS = 40_000;

async function keep(page: Page, name: string): Promise<void> {
  // The sticky bar of a whole page would stand where the page has been scrolled to.
  await page.evaluate("scrollTo(0, 0)");
  await page.mouse.move(0, 0);
  const picture = await page.screenshot({ fullPage: true });
  await sharp(picture).webp({ quality: 82, effort: 6 }).toFile(`${folder}page-${name}.webp`);
}

/** Callers who come and go, with one image or a few. */
async function keepAsking(url: string, goesOn: () => boolean): Promise<void> {
  const ask = async (): Promise<void> => {
    const rows = 1 + Math.floor(3 * Math.random());
    const body = JSON.stringify({ inputs: [{ name: "image", datatype: "FP32", shape: [rows, 1, 8, 8], data: new Array<number>(64 * rows).fill(3) }] });
    await (await fetch(`${url}/v2/models/digits/infer`, { method: "POST", body })).text();
  };
  for (let round = 0; goesOn(); round++) {
    const callers = Math.round(6 + 5 * Math.sin(round / 60) + 3 * Math.random());
    await Promise.all(Array.from({ length: callers }, ask));
  }
}

async function takeTrials(page: Page): Promise<void> {
  await openPlace(page, "digits");
  const sheet = page.getByLabel("A sheet to draw image on");
  await drawPath(page, sheet, [[0.3, 0.2], [0.7, 0.2], [0.45, 0.85]]);
  await drawPath(page, sheet, [[0.35, 0.55], [0.7, 0.55]]);
  await answer(page).getByText("1 output").waitFor();
  await keep(page, "image");
  await openPlace(page, "iris");
  const flowers = [[-1, 1, -1.3, -1.3], [0.1, -0.7, 0.4, 0.3], [1.2, 0.2, 1.3, 1.6]];
  for (const [row, values] of flowers.entries()) {
    if (row > 0) await page.getByRole("button", { name: "Add a row" }).click();
    for (const [column, value] of values.entries()) await page.getByLabel(`features, row ${row + 1}, value ${column + 1}`).fill(String(value));
  }
  await run(page);
  await answer(page).getByText("1 output").waitFor();
  await keep(page, "table");
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.getByLabel("Nested lists for features").fill('[[-1, 1, "wide", -1.3]]');
  await run(page);
  await answer(page).getByText("status 400").waitFor();
  await keep(page, "error");
}

await using server = await startPageServer({}, "echo");
const browser = await startChromium();
const page = await browser.newPage({ viewport: size, colorScheme: "light" });
await page.goto(server.url);
let isLoading = true;
const load = keepAsking(server.url, () => isLoading);
await page.waitForTimeout(LOADED_MS);
await keep(page, "start");
await link(page, "Live").click();
await page.waitForTimeout(1000);
await page.emulateMedia({ colorScheme: "dark" });
await keep(page, "live");
isLoading = false;
await load;
await page.emulateMedia({ colorScheme: "light" });
await takeTrials(page);
await browser.close();
