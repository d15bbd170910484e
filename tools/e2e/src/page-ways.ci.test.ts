import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostileName } from "./page-server.js";
import { answer, best, link, openPlace, PageSession, run } from "./page-session.js";

let session: PageSession;

beforeAll(async () => {
  session = await PageSession.start();
});
afterAll(() => session[Symbol.asyncDispose]());

test("the page comes with its policies, is asked for again, and is not sent twice", async () => {
  const response = await fetch(session.server.url, { headers: { accept: "text/html,*/*" } });
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(response.headers.get("content-security-policy")).not.toContain("unsafe");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("cache-control")).toBe("no-cache");
  const etag = response.headers.get("etag") as string;
  for (const file of ["main.js", "style.css", "icon.svg"]) expect((await fetch(`${session.server.url}/page/${file}`)).status).toBe(200);
  const again = await fetch(session.server.url, { headers: { accept: "text/html", "if-none-match": etag } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  const { stdout } = await promisify(execFile)("curl", ["-s", session.server.url]);
  expect(JSON.parse(stdout)).toMatchObject({ name: "bentoml", models: [{ name: "digits", ready: true }, { name: "iris" }, { name: "add-sub" }, { name: hostileName }, { name: "half" }], apis: "/docs.json" });
});

test("charts move under load, and stop when they are told to", async () => {
  await session.onPage("#/live", async (page) => {
    const requests = page.getByRole("img", { name: /^Requests per second/ });
    await expect.poll(() => requests.getAttribute("aria-label"), { timeout: 10_000 }).toBe("Requests per second: 0 answered, 0 failed");
    let isLoading = true;
    const load = keepAsking(() => isLoading);
    const rate = async (): Promise<number> => Number(/: ([\d.,]+) answered/.exec((await requests.getAttribute("aria-label")) ?? "")?.[1]?.replaceAll(",", ""));
    await expect.poll(rate, { timeout: 20_000 }).toBeGreaterThan(1);
    await expect.poll(() => page.getByRole("img", { name: /^Mean batch size/ }).getAttribute("aria-label"), { timeout: 10_000 }).toMatch(/size: [\d.]+ items/);
    await expect.poll(() => page.getByRole("img", { name: /^Latency/ }).getAttribute("aria-label"), { timeout: 10_000 }).toMatch(/[\d.]+ ms p50, [\d.]+ ms p99/);
    expect(await page.getByRole("img", { name: /^Workers/ }).getAttribute("aria-label")).toMatch(/ in all$/);
    await page.getByRole("button", { name: "Pause" }).click();
    let polls = 0;
    page.on("request", (request) => (polls += request.url().endsWith("/page/live") ? 1 : 0));
    await page.getByRole("button", { name: "Go on" }).waitFor();
    isLoading = false;
    await load;
    expect(polls).toBeLessThanOrEqual(1);
  });
});

async function keepAsking(goesOn: () => boolean): Promise<void> {
  const body = JSON.stringify({ inputs: [{ name: "features", datatype: "FP32", shape: [1, 4], data: [0, 0, 0, 0] }] });
  while (goesOn()) await Promise.all(Array.from({ length: 4 }, async () => (await fetch(`${session.server.url}/v2/models/iris/infer`, { method: "POST", body })).text()));
}

test("a server that asks for a token: the page asks people, and keeps it for the tab", async () => {
  await using guarded = await PageSession.start({ access: { tokens: ["open-sesame"] } });
  const page = await guarded.browser.newPage();
  await page.goto(guarded.server.url);
  const dialog = page.getByRole("dialog", { name: "Token" });
  await dialog.getByLabel("Token").fill("wrong");
  await page.keyboard.press("Enter");
  await dialog.getByText("That was not one of its tokens.").waitFor();
  await dialog.getByLabel("Token").fill("open-sesame");
  await dialog.getByRole("button", { name: "Go on" }).click();
  await openPlace(page, "iris");
  await run(page);
  await answer(page).getByText("1 output").waitFor();
  expect(await page.getByLabel("curl snippet").textContent()).toContain('-H "Authorization: Bearer $BENTOML_TOKEN"');
  expect(await page.content()).not.toContain("open-sesame");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "iris" }).waitFor();
});

test("everything can be done by keyboard", async () => {
  await session.onPage("", async (page) => {
    const tabTo = async (name: string | RegExp): Promise<void> => {
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press("Tab");
        const focused = page.locator(":focus");
        const label = (await focused.getAttribute("aria-label")) ?? (await focused.textContent()) ?? "";
        if (typeof name === "string" ? label.trim() === name : name.test(label)) return;
      }
      throw new Error(`Tab does not come to ${String(name)}`);
    };
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").textContent()).toBe("Skip to the content");
    await tabTo("digits");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "digits" }).waitFor();
    expect(await page.locator("h1:focus").count()).toBe(1);
    await tabTo("Draw or drop");
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { name: "JSON" }).getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("ArrowLeft");
    await tabTo("A sheet to draw image on");
    expect(await page.locator(".pen").isVisible()).toBe(true);
    await page.keyboard.press(" ");
    for (let step = 0; step < 24; step++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press(" ");
    await expect.poll(() => best(page).textContent()).toBe("1");
    await page.keyboard.press("Escape");
    await tabTo("Run");
    await page.keyboard.press("Enter");
    await answer(page).getByRole("alert").getByText("There is no picture yet").waitFor();
  });
});

test.each(["", "digits", "iris", "half", "label", "count", "Live"])("all that can be used has a name for those who do not see it: %s", async (place) => {
  await session.onPage("", async (page) => {
    if (place !== "") await link(page, place).click();
    const tree = await page.locator("body").ariaSnapshot();
    expect(tree.match(/^ *- (application|button|combobox|form|group|img|link|region|tab|table|tablist|tabpanel|textbox)\b(?! ").*$/gm)).toBeNull();
  });
});

test("models come and go while the page is open, and what was typed stays", async () => {
  await session.onPage("", async (page) => {
    await openPlace(page, "iris");
    await page.getByLabel("features, row 1, value 1").fill("4.2");
    await page.route("**/page/summary", async (route) => {
      const summary = (await (await route.fetch()).json()) as { models: { name: string }[] };
      const [digits, ...others] = summary.models;
      await route.fulfill({ json: { ...summary, models: [...others, { ...digits, name: "newcomer", ready: false }] } });
    });
    await link(page, "newcomer").waitFor();
    expect(await link(page, "digits").count()).toBe(0);
    expect(await page.getByLabel("features, row 1, value 1").inputValue()).toBe("4.2");
    await openPlace(page, "newcomer");
    await page.getByText("not ready", { exact: true }).waitFor();
    await page.unrouteAll({ behavior: "wait" });
    await page.getByRole("heading", { level: 1, name: "Not there" }).waitFor();
  });
});

test.each(["light", "dark"] as const)("%s by the system, and the other by the button, which is remembered", async (colorScheme) => {
  const other = colorScheme === "light" ? "dark" : "light";
  const schemeOf = (page: Page): Promise<string> => page.evaluate("getComputedStyle(document.documentElement).colorScheme");
  await session.onPage(
    "",
    async (page) => {
      expect(await schemeOf(page)).toBe(colorScheme);
      await page.getByRole("button", { name: `Use ${other} colours` }).click();
      expect(await schemeOf(page)).toBe(other);
      await page.reload();
      await page.locator("h1").waitFor();
      expect(await schemeOf(page)).toBe(other);
    },
    { colorScheme },
  );
});

test.each(["", "digits", "iris", "label", "count", "Live"])("nothing is cut off at 360 pixels: %s", async (place) => {
  await session.onPage(
    "",
    async (page) => {
      if (place !== "") await link(page, place).click();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    },
    { viewport: { width: 360, height: 740 } },
  );
});

test("who asks for less motion gets none", async () => {
  await session.onPage("", async (page) => expect(await page.evaluate("getComputedStyle(document.querySelector('.link-card')).transitionDuration")).toBe("0s"), { reducedMotion: "reduce" });
});
