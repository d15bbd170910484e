/** Entry for `node --import`: this process and its workers can import TypeScript files of any syntax, on every version of Node. */
import { register } from "node:module";
import { addLoadHook } from "./loader-hooks.js";
import { load } from "./transpile-hooks.js";

if (!addLoadHook(load)) register("./transpile-hooks.js", import.meta.url);
