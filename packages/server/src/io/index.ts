/**
 * How the values of an API are read from HTTP bodies and written to them, and what OpenAPI says of them. Descriptors know nothing of
 * services and servers; the room `service` uses them, and adapters may bring their own.
 */
export { io } from "./io.js";
export type {
  DescribedBody,
  DescribedContent,
  InputDescriptor,
  IoDescriptor,
  JsonSchema,
  OutputDescriptor,
  PartDescriptor,
  ReceivedContent,
  StreamedContent,
  WantedContent,
  WrittenContent,
} from "./descriptor.js";
export type { ArrayOptions } from "./array-spec.js";
export type { DataFrameDescriptor, DataFrameOptions, FrameToSend, Table, TableToSend } from "./dataframe-descriptor.js";
export type { FileDescriptor, FileOptions, FileToSend } from "./file-descriptor.js";
export type { ImageDescriptor, ImageOptions, ImageToSend } from "./image-descriptor.js";
export type { JsonDescriptor, JsonOptions } from "./json-descriptor.js";
export { isOneOf, mediaTypeOf, type MediaType } from "./media-type.js";
export type { FieldDescriptors, FieldsRead, FieldsWritten, MultipartDescriptor } from "./multipart-descriptor.js";
export type { NdArrayDescriptor, NdArrayOptions } from "./ndarray-descriptor.js";
export type { ReceivedFile } from "./received-file.js";
export type { SeriesDescriptor, SeriesOptions, SeriesToSend } from "./series-descriptor.js";
export type { ValueSchema } from "./standard-schema.js";
export { pointerPart, schemaAt } from "./schema-at.js";
export type { StreamDescriptor } from "./stream-descriptor.js";
export type { TextDescriptor, TextOptions } from "./text-descriptor.js";
export type { Cell, CellOf, ColumnKind, ColumnRules } from "./table-columns.js";
export type { TableOrient } from "./table-json.js";
