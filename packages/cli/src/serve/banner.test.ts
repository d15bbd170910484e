import { expect, test } from "vitest";
import { stylesFor } from "../styles.js";
import { startUpBanner, type BannerSetting } from "./banner.js";

const setting: BannerSetting = { url: "http://127.0.0.1:3000", styles: stylesFor({ write: () => true }, {}), isTerminal: false, hasPage: true };
const service = { name: "sample", paths: ["/greet"], mounts: ["/admin"], runners: [] };

test("names the page, the APIs and the mounted apps", () => {
  const banner = startUpBanner({ models: [], service }, setting);
  expect(banner).toMatch(/serves on http:\/\/127\.0\.0\.1:3000\n {2}page for people: http:\/\/127\.0\.0\.1:3000\/\n/);
  expect(banner).toContain("  sample\n    POST  /greet\n    app   /admin\n");
});

test("says nothing of a page that is not there", () => {
  expect(startUpBanner({ models: [], service }, { ...setting, hasPage: false })).not.toContain("page");
});
