/**
 * A page where one draws a digit, or uploads a picture of one, and a model reads it: the image goes through a recipe, and what the
 * recipe makes through the model, in one call each.
 *
 *     node docs/examples/images/digits.mjs [port]
 *
 * Models go into the store under $BENTOML_HOME.
 */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { isBentoMLError } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import * as images from "bentoml-sharp-images";

const page = new URL("page.html", import.meta.url);
const model = new URL("../../../tools/digits/model/digits.onnx", import.meta.url);

/** A digit of any size in dark on light becomes the 8 x 8 pixels that the model has learnt from: 0 is paper, 16 is ink. */
const recipe = {
  limits: { maxBytes: 5_000_000, maxPixels: 25_000_000 },
  trim: { threshold: 40 },
  resize: { width: 8, height: 8, fit: "contain", background: "#ffffff", kernel: "lanczos3" },
  alpha: { background: "#ffffff" },
  colourSpace: "grey",
  invert: true,
  scale: 16 / 255,
};

const pixels = (await images.saveModel("digit-image", recipe)).toRunner();
const digits = (await onnx.saveModel("digits", fileURLToPath(model))).toRunner();

/** @param {Uint8Array} file */
async function readDigit(file) {
  const probabilities = await digits.run(await pixels.preprocess(file));
  const [row] = probabilities.toNested();
  return { digit: row.indexOf(Math.max(...row)), probabilities: row };
}

const server = createServer(async (request, response) => {
  const answer = (status, type, body) => response.writeHead(status, { "content-type": type }).end(body);
  try {
    if (request.method === "GET" && request.url === "/") return answer(200, "text/html; charset=utf-8", await readFile(page));
    if (request.method !== "POST" || request.url !== "/digit") return answer(404, "text/plain", "GET / or POST /digit\n");
    if (!(Number(request.headers["content-length"]) <= recipe.limits.maxBytes)) return answer(413, "text/plain", "At most 5 MB, please.\n");
    return answer(200, "application/json", JSON.stringify(await readDigit(await buffer(request))));
  } catch (error) {
    const status = isBentoMLError(error) ? error.httpStatus : 500;
    return answer(status, "application/json", JSON.stringify({ error: status < 500 ? error.message : "The server failed." }));
  }
});

server.listen(Number(process.argv[2] ?? 3000), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));

process.once("SIGTERM", async () => {
  server.close();
  await Promise.all([pixels.destroy(), digits.destroy()]);
});
