import { existsSync } from "node:fs";
import { chromium, type Browser, type Page } from "playwright-core";

const usualPlaces = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts the Chromium of this machine: the one that `CHROMIUM` names, else where distributions put it. */
export async function startChromium(): Promise<Browser> {
  const candidates = process.env["CHROMIUM"] === undefined ? usualPlaces : [process.env["CHROMIUM"]];
  const executablePath = candidates.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error(`there is no browser at ${candidates.join(", ")}: install one (Debian: apt-get install -y chromium), or name one in CHROMIUM`);
  }
  // Containers have neither the privileges for its sandbox nor much shared memory.
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
}

/** What went wrong on a page, or went where it should not have. */
export interface PageWatch {
  readonly problems: string[];
  readonly otherOrigins: string[];
}

/** Notes all that a page complains of, and all that it asks of others than its server. */
export function watchPage(page: Page, url: string): PageWatch {
  const watch: PageWatch = { problems: [], otherOrigins: [] };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") watch.problems.push(message.text());
  });
  page.on("pageerror", (error) => watch.problems.push(error.message));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !/^(blob|data):/.test(asked)) watch.otherOrigins.push(asked);
  });
  return watch;
}
