import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the checkout. */
export const workspaceFolder: string = dirname(fileURLToPath(new URL("../../../package.json", import.meta.url)));

/** The built command, as users run it. */
export const commandPath: string = join(workspaceFolder, "packages", "cli", "dist", "bin.js");

/** The store of this checkout; git ignores it. */
export const storeName = ".bentoml";
