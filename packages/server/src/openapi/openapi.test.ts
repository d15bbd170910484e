import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { z } from "zod";
import { io, type InputDescriptor, type OutputDescriptor } from "../io/index.js";
import { Service } from "../service/index.js";
import { serveService } from "../testing/served-service.js";
import { openApiDocument } from "./openapi-document.js";

interface Node {
  readonly children: Node[];
}
const tree: z.ZodType<Node> = z.object({ children: z.array(z.lazy(() => tree)) });

const descriptors: Readonly<Record<string, InputDescriptor<unknown> & OutputDescriptor<never>>> = {
  ndarray: io.ndarray({ dtype: "float32", shape: [-1, 4] }),
  openArray: io.ndarray(),
  json: io.json(z.object({ size: z.number().int().min(1) }), { example: { size: 3 } }),
  openJson: io.json(),
  recursive: io.json(tree),
  text: io.text({ example: "hello" }),
  image: io.image(),
  file: io.file({ mimeTypes: ["application/pdf"] }),
  anyFile: io.file(),
  records: io.dataframe({ columns: { height: "number", name: "string" } }),
  columns: io.dataframe({ orient: "columns", columns: ["height"] }),
  split: io.dataframe({ orient: "split" }),
  series: io.series({ kind: "integer" }),
  multipart: io.multipart({ image: io.image(), tree: io.json(tree), size: io.ndarray({ shape: [2] }) }),
};

function serviceOfAll(): Service {
  const service = new Service("all", { version: "1.2.3", doc: "One of each." });
  for (const [name, descriptor] of Object.entries(descriptors)) {
    service.api(name, { input: descriptor, output: descriptor, doc: `Sends ${name}.` }, (value) => value as never);
  }
  service.api("stream", { input: io.text(), output: io.stream(io.json(tree)), route: "/v1/stream" }, async function* () {
    yield { children: [] };
  });
  return service;
}

/** The operation of a route, as plain data. */
function operation(path: string): { requestBody: { content: Record<string, { schema: Record<string, unknown>; example?: unknown }> }; responses: Record<string, Record<string, unknown>> } & Record<string, unknown> {
  const { paths } = openApiDocument(serviceOfAll()) as { paths: Record<string, { post: never }> };
  return (paths[path] as { post: never }).post;
}

test("the document of every descriptor is valid OpenAPI 3.1, and its references lead somewhere", async () => {
  const document = openApiDocument(serviceOfAll());
  expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference as string);
  expect(references.some((reference) => reference.startsWith("#/paths/"))).toBe(true);
  for (const reference of references) expect(resolve(document, reference), reference).toBeTypeOf("object");
});

function resolve(document: unknown, reference: string): unknown {
  const parts = reference.slice(1).split("/").slice(1);
  return parts.reduce((value, part) => (value as Record<string, unknown> | undefined)?.[decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~")], document);
}

test("the document says what it is of, and what APIs take and give", () => {
  const document = openApiDocument(serviceOfAll());
  expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "all", version: "1.2.3", description: "One of each." } });
  expect(operation("/json")).toMatchObject({ operationId: "all__json", "x-bentoml-name": "json", description: "Sends json.", summary: "json(JSON) → JSON" });
  expect(operation("/json").requestBody.content["application/json"]).toEqual({
    schema: { type: "object", properties: { size: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } }, required: ["size"] },
    example: { size: 3 },
  });
  expect(operation("/ndarray").requestBody.content["application/json"]).toEqual({
    schema: { type: "array", items: { type: "array", items: { type: "number", format: "float32" }, minItems: 4, maxItems: 4 } },
    example: [[0, 0, 0, 0]],
  });
  expect(Object.keys(operation("/image").requestBody.content)).toContain("image/png");
  expect(operation("/records").requestBody.content["application/json"]?.example).toEqual([{ height: 0, name: "text" }]);
  expect(operation("/v1/stream").responses["200"]).toHaveProperty(["content", "text/event-stream"]);
  expect(Object.keys(operation("/text").responses)).toEqual(["200", "400", "413", "415", "429", "500", "503", "504"]);
});

test("examples are what the API takes", async () => {
  const service = serviceOfAll();
  await using server = await serveService(service);
  for (const name of ["ndarray", "json", "records", "columns", "series"]) {
    const { example } = operation(`/${name}`).requestBody.content["application/json"] as { example?: unknown };
    const response = await server.post(`/${name}`, { headers: { "Content-Type": "application/json" }, body: JSON.stringify(example) });
    expect([name, response.status, response.json()]).toEqual([name, 200, name === "columns" ? expect.anything() : example]);
  }
});

test("a service's document is at /docs.json", async () => {
  await using server = await serveService(serviceOfAll());
  const response = await server.get("/docs.json");
  expect(response.headers["content-type"]).toMatch(/^application\/json/);
  expect(response.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument(serviceOfAll()))));
});

test("a server that asks for a secret says so in its document", async () => {
  await using server = await serveService(serviceOfAll(), { access: { tokens: ["s3cret"] } });
  const document = (await server.get("/docs.json", { Authorization: "Bearer s3cret" })).json() as { paths: Record<string, { post?: { security?: unknown; responses: object } }> };
  expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  expect(document.paths["/text"]?.post?.security).toEqual([{ token: [] }, { apiKey: [] }]);
  expect(document.paths["/text"]?.post?.responses).toHaveProperty("401");
});
