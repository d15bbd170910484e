import type { CallOptions, NdArray, TraceContext } from "bentoml-core";
import type { FastifyInstance, FastifyPluginAsync, FastifyPluginCallback } from "fastify";
import { expectTypeOf } from "vitest";
import { z } from "zod";
import { io, type ReceivedFile } from "../io/index.js";
import type { ApiContext } from "./api-context.js";
import { Service } from "./service.js";

const service = new Service("typed");
const array = {} as NdArray;

service.api("arrays", { input: io.ndarray({ dtype: "int64" }), output: io.ndarray() }, (value, context) => {
  expectTypeOf(value).toEqualTypeOf<NdArray<"int64">>();
  expectTypeOf(context).toEqualTypeOf<ApiContext>();
  expectTypeOf(context.callOptions).toEqualTypeOf<CallOptions>();
  expectTypeOf(context.trace).toEqualTypeOf<TraceContext | undefined>();
  return value;
});

// A schema's handler gets what the schema makes, and gives what it takes.
const schema = z.object({ at: z.string().transform((text) => new Date(text)) });
service.api("schemas", { input: io.json(schema), output: io.json(schema) }, (value) => {
  expectTypeOf(value).toEqualTypeOf<{ at: Date }>();
  return { at: value.at.toISOString() };
});
service.api("plain", { input: io.json<{ x: number }>(), output: io.json<number[]>() }, async ({ x }) => [x]);
service.api("text", { input: io.text(), output: io.text() }, async (value) => value.trim());

service.api("files", { input: io.multipart({ image: io.image(), size: io.json<number>(), x: io.ndarray({ dtype: "float32" }) }), output: io.multipart({ note: io.text() }) }, (form) => {
  expectTypeOf(form).toEqualTypeOf<{ readonly image: ReceivedFile; readonly size: number; readonly x: NdArray<"float32"> }>();
  expectTypeOf(form.image).toExtend<Uint8Array>();
  return { note: form.image.mimeType };
});

service.api("tables", { input: io.dataframe({ columns: { height: "number", name: "string" } }), output: io.dataframe() }, (table) => {
  expectTypeOf(table).toEqualTypeOf<{ readonly height: readonly (number | null)[]; readonly name: readonly (string | null)[] }>();
  return table;
});
service.api("named", { input: io.dataframe({ columns: ["a", "b"] }), output: io.series() }, ({ a }) => a);
service.api("series", { input: io.series({ kind: "boolean" }), output: io.json<number>() }, (values) => {
  expectTypeOf(values).toEqualTypeOf<readonly (boolean | null)[]>();
  return values.length;
});

service.api("stream", { input: io.text(), output: io.stream(io.json<{ token: string }>()) }, async function* (prompt) {
  yield { token: prompt };
});

// @ts-expect-error A number is no text.
service.api("wrong1", { input: io.text(), output: io.text() }, () => 3);
// @ts-expect-error The promise of a number is no text either.
service.api("wrong2", { input: io.text(), output: io.text() }, async () => 3);
// @ts-expect-error The handler takes another type than the input gives.
service.api("wrong3", { input: io.text(), output: io.ndarray() }, (value: number) => array.cast("float32", { lossy: value > 0 }));
// @ts-expect-error The schema has no such property.
service.api("wrong4", { input: io.json(schema), output: io.text() }, ({ when }) => String(when));
// @ts-expect-error An item of another type.
service.api("wrong5", { input: io.text(), output: io.stream(io.json<{ token: string }>()) }, async function* () {
  yield { token: 3 };
});
// @ts-expect-error A stream is no input.
service.api("wrong6", { input: io.stream(io.text()), output: io.text() }, () => "");
// @ts-expect-error No such dtype.
io.ndarray({ dtype: "float" });
// @ts-expect-error A form lacks a field.
service.api("wrong7", { input: io.text(), output: io.multipart({ note: io.text() }) }, () => ({}));

service.mount("/asynchronous", async (app) => {
  expectTypeOf(app).toEqualTypeOf<FastifyInstance>();
});
service.mount("/calling-back", (_app, _options, done) => done());
const asynchronous: FastifyPluginAsync = async () => undefined;
const callingBack: FastifyPluginCallback = (_app, _options, done) => done();
service.mount("/a", asynchronous);
service.mount("/c", callingBack);
// @ts-expect-error No plugin.
service.mount("/n", "plugin");
