/**
 * Serves an API for each descriptor, most of which answer what they are sent; prints its address, and ends by SIGTERM. What is made of a value of
 * which nothing is said, and of any image, is for a fuzzer to find out.
 *
 *     node tools/ci/sample-service.mjs
 */
import { ModelServer, Service, io } from "bentoml-server";
import { z } from "zod";

const svc = new Service("sample", { version: "1" });
const order = z.object({ name: z.string().min(1), count: z.number().int().min(1).max(100), tags: z.array(z.string()).optional() });
const columns = /** @type {const} */ ({ height: "number", name: "string", isTall: "boolean" });

svc.api("array", { input: io.ndarray({ dtype: "float32", shape: [-1, 4] }), output: io.ndarray({ dtype: "float32", shape: [-1, 4] }) }, (value) => value);
svc.api("any_array", { input: io.ndarray(), output: io.json() }, ({ dtype, shape }) => ({ dtype, shape }));
svc.api("integers", { input: io.ndarray({ dtype: "int64", shape: [-1] }), output: io.ndarray({ dtype: "int64" }) }, (value) => value);
svc.api("json", { input: io.json(order), output: io.json(order) }, (value) => value);
svc.api("any_json", { input: io.json(), output: io.json() }, (value) => ({ value }));
svc.api("text", { input: io.text(), output: io.text() }, (value) => value);
svc.api("image", { input: io.image(), output: io.json() }, (image) => ({ bytes: image.length, mimeType: image.mimeType }));
svc.api("file", { input: io.file(), output: io.file() }, (file) => file);
svc.api("records", { input: io.dataframe({ columns }), output: io.dataframe({ columns }) }, (table) => table);
svc.api("columns", { input: io.dataframe({ orient: "columns" }), output: io.dataframe({ orient: "columns" }) }, (table) => table);
svc.api("split", { input: io.dataframe({ orient: "split", columns }), output: io.dataframe({ orient: "split" }) }, (table) => table);
svc.api("series", { input: io.series({ kind: "number" }), output: io.series() }, (values) => values);
svc.api("form", { input: io.multipart({ order: io.json(order), note: io.text(), file: io.file() }), output: io.json() }, ({ order: { count }, note, file }) => ({ count, note, bytes: file.length }));
svc.api("stream", { input: io.json(order), output: io.stream(io.json()) }, async function* ({ count }) {
  for (let item = 0; item < count; item++) yield { item };
});

const server = new ModelServer({ service: svc });
const { url } = await server.listen({ port: 0 });
console.log(url);
process.once("SIGTERM", () => void server.close());
