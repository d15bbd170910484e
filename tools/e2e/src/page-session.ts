import type { Browser, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { startChromium, watchPage, type PageWatch } from "./page-browser.js";
import { startPageServer, type PageServer } from "./page-server.js";

/** A server and a browser to look at its page with. */
export class PageSession implements AsyncDisposable {
  readonly server: PageServer;
  readonly browser: Browser;

  private constructor(server: PageServer, browser: Browser) {
    this.server = server;
    this.browser = browser;
  }

  static async start(options: Parameters<typeof startPageServer>[0] = {}): Promise<PageSession> {
    const browser = await startChromium();
    try {
      return new PageSession(await startPageServer(options), browser);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Opens a place of the page, hands it over, and holds it to its word: no complaint, and nothing asked of others. */
  async onPage(place: string, use: (page: Page, watch: PageWatch) => Promise<void>, options: Parameters<Browser["newPage"]>[0] = {}): Promise<void> {
    const page = await this.browser.newPage(options);
    try {
      const watch = watchPage(page, this.server.url);
      await page.goto(`${this.server.url}/${place}`);
      await page.locator("h1").waitFor();
      await use(page, watch);
      expect(watch).toEqual({ problems: [], otherOrigins: [] });
    } finally {
      await page.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.server[Symbol.asyncDispose]();
  }
}

export const link = (page: Page, name: string): Locator => page.getByRole("navigation").getByRole("link", { name, exact: true });
export const answer = (page: Page): Locator => page.getByRole("region", { name: "Answer" });
/** The class that an answer says in large letters. */
export const best = (page: Page): Locator => answer(page).locator(".headline strong");
export const run = (page: Page): Promise<void> => page.getByRole("button", { name: "Run", exact: true }).click();

/** Follows a model's or an API's link at the side. */
export async function openPlace(page: Page, name: string): Promise<void> {
  await link(page, name).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}
