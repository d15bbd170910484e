import { defineConfig } from "tsup";
import { library } from "../../tsup.base.js";

export default [
  // The page is built beside it, at the same time.
  library({ entry: ["src/index.ts"], clean: ["!page/**"] }),
  defineConfig({
    entry: { main: "page/main.ts", style: "page/style.css" },
    outDir: "dist/page",
    publicDir: "page/static",
    format: ["esm"],
    platform: "browser",
    target: "es2022",
    minify: true,
    clean: true,
  }),
];
