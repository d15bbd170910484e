import { text } from "node:stream/consumers";
import { terminalPicture } from "./terminal-picture.js";

// npm start --silent -- --once | npx tsx tools/start/src/draw-terminal.ts > docs/images/npm-start.svg
process.stdout.write(terminalPicture(await text(process.stdin)));
