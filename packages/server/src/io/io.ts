import type { Dtype } from "bentoml-core";
import { DataFrameDescriptor, type DataFrameOptions } from "./dataframe-descriptor.js";
import type { PartDescriptor } from "./descriptor.js";
import { FileDescriptor, type FileOptions } from "./file-descriptor.js";
import { ImageDescriptor, type ImageOptions } from "./image-descriptor.js";
import { JsonDescriptor, type JsonOptions } from "./json-descriptor.js";
import { MultipartDescriptor, type FieldDescriptors } from "./multipart-descriptor.js";
import { NdArrayDescriptor, type NdArrayOptions } from "./ndarray-descriptor.js";
import { SeriesDescriptor, type SeriesOptions } from "./series-descriptor.js";
import type { ValueSchema } from "./standard-schema.js";
import { StreamDescriptor } from "./stream-descriptor.js";
import type { ColumnKind, ColumnRules } from "./table-columns.js";
import { TextDescriptor, type TextOptions } from "./text-descriptor.js";

/** An array: nested lists in JSON, or bytes; `dtype` and `shape` are checked. */
function ndarray<D extends Dtype = Dtype>(options: NdArrayOptions<D> = {}): NdArrayDescriptor<D> {
  return new NdArrayDescriptor(options);
}

/** A value as JSON. Without a schema it is taken as it comes: say what it is, `io.json<Result>()`. */
function json<Value = unknown>(schema?: undefined, options?: JsonOptions): JsonDescriptor<Value, Value>;
/** A value as JSON that fits a schema: of zod, valibot, arktype or any other library of Standard Schema. */
function json<In, Out>(schema: ValueSchema<In, Out>, options?: JsonOptions): JsonDescriptor<In, Out>;
function json(schema?: ValueSchema, options: JsonOptions = {}): JsonDescriptor<unknown, unknown> {
  return new JsonDescriptor(schema, options);
}

/** Text in UTF-8. */
function text(options: TextOptions = {}): TextDescriptor {
  return new TextDescriptor(options);
}

/** An image in a file's bytes, with its type: what the runners of bentoml-sharp-images take. */
function image(options: ImageOptions = {}): ImageDescriptor {
  return new ImageDescriptor(options);
}

/** A file's bytes, with their type. */
function file(options: FileOptions = {}): FileDescriptor {
  return new FileDescriptor(options);
}

/** A table in JSON: a list for each column, which is what bentoml-danfo-dataframes takes. */
function dataframe<const Columns extends ColumnRules = readonly string[]>(options: DataFrameOptions<Columns> = {}): DataFrameDescriptor<Columns> {
  return new DataFrameDescriptor(options);
}

/** One column in JSON, as a list. */
function series<Kind extends ColumnKind = ColumnKind>(options: SeriesOptions<Kind> = {}): SeriesDescriptor<Kind> {
  return new SeriesDescriptor(options);
}

/** A form: each field is read as its descriptor says, `io.multipart({ image: io.image(), size: io.json<number>() })`. */
function multipart<Fields extends FieldDescriptors>(fields: Fields): MultipartDescriptor<Fields> {
  return new MultipartDescriptor(fields);
}

/** An output of many items, sent as server-sent events while they are made. */
function stream<Out>(item: PartDescriptor<Out>): StreamDescriptor<Out> {
  return new StreamDescriptor(item);
}

/** How the arguments and results of APIs travel by HTTP. */
export const io = { dataframe, file, image, json, multipart, ndarray, series, stream, text } as const;
