import { library } from "../../tsup.base.js";

/** Given to Node by their paths. */
const modules = ["transpile-typescript", "transpile-hooks", "transpiler", "tell-imports", "tell-hooks"];

export default library({
  entry: {
    index: "src/index.ts",
    bin: "src/bin.ts",
    "serve-process": "src/serve-process.ts",
    ...Object.fromEntries(modules.map((name) => [name, `src/services/${name}.ts`])),
  },
  dts: { entry: "src/index.ts" },
});
