const PREFIX = "application/vnd.bentoml.";

/** Payloads as a frame: the arguments of a call, or a value whose meta does not fit into headers. */
export const FRAME_TYPE: string = `${PREFIX}frame`;
/** A frame of several outputs, by position. */
export const MULTIPLE_OUTPUTS_TYPE: string = `${PREFIX}multiple_outputs`;
/** Frames one after the other, each after its length: see `StreamDecoder`. */
export const STREAM_TYPE: string = `${PREFIX}stream_outputs`;
/** Calls of one method that travel in one request: see `decodeBundle`. */
export const CALLS_TYPE: string = `${PREFIX}calls`;
/** What they are answered with: see `BundledReplies`. */
export const REPLIES_TYPE: string = `${PREFIX}replies`;
/** A frame of an error. */
export const ERROR_TYPE: string = `${PREFIX}error`;

const FRAMED_TYPES: ReadonlySet<string> = /* @__PURE__ */ new Set([FRAME_TYPE, MULTIPLE_OUTPUTS_TYPE, STREAM_TYPE, CALLS_TYPE, REPLIES_TYPE, ERROR_TYPE]);

/** The content type of a single payload. */
export function typeOfContainer(container: string): string {
  return PREFIX + container;
}

/** A content type without its parameters, in lower case; "" for none. */
export function mediaType(contentType: string | undefined): string {
  return withoutParameters(contentType).toLowerCase();
}

/** The container that a content type names, its prefix cut off as a whole; undefined when it names none. */
export function containerOfType(contentType: string | undefined): string | undefined {
  const type = withoutParameters(contentType);
  if (!type.toLowerCase().startsWith(PREFIX) || type.length === PREFIX.length || isFramed(contentType)) return undefined;
  return type.slice(PREFIX.length);
}

/** Whether the body is a frame, or a stream of them. */
export function isFramed(contentType: string | undefined): boolean {
  return FRAMED_TYPES.has(mediaType(contentType));
}

function withoutParameters(contentType = ""): string {
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim();
}
