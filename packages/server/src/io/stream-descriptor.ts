import { InvalidArgumentError } from "bentoml-core";
import type { DescribedBody, JsonSchema, OutputDescriptor, PartDescriptor, StreamedContent, WantedContent } from "./descriptor.js";
import { EVENT_STREAM_TYPE, eventOf } from "./event-stream.js";
import { schemaAt } from "./schema-at.js";

/** Items as server-sent events, each as soon as it is there: one `data` that is written as the item's descriptor says. */
export class StreamDescriptor<Out> implements OutputDescriptor<AsyncIterable<Out>> {
  readonly kind: string;
  readonly responseBody: DescribedBody;
  readonly #item: PartDescriptor<Out>;

  constructor(item: PartDescriptor<Out>) {
    const [[mediaType, described] = []] = Object.entries(item.responseBody);
    if (mediaType === undefined || described === undefined) throw new InvalidArgumentError(`a ${item.kind} cannot be an item of a stream: give io.text(), io.json() or io.ndarray()`);
    this.kind = `Stream of ${item.kind}`;
    this.responseBody = { [EVENT_STREAM_TYPE]: { schema: eventSchema(mediaType, described.schema) } };
    this.#item = item;
  }

  write(items: AsyncIterable<Out>, _wanted: WantedContent): StreamedContent {
    if (typeof (items as Partial<AsyncIterable<Out>> | null)?.[Symbol.asyncIterator] !== "function") {
      throw new TypeError("the answer must be an async iterable, such as an async generator makes");
    }
    return { mediaType: EVENT_STREAM_TYPE, parts: this.#events(items), partOfError: (message) => eventOf(JSON.stringify({ error: message }), "error") };
  }

  async *#events(items: AsyncIterable<Out>): AsyncGenerator<string, void, undefined> {
    for await (const item of items) {
      const { body } = await this.#item.write(item, { accept: undefined });
      if (typeof body !== "string") throw new TypeError(`a ${this.#item.kind} is no text, so that it cannot be an event`);
      yield eventOf(body);
    }
  }
}

/** Of one event, as readers of streams have it. */
function eventSchema(mediaType: string, item: JsonSchema): JsonSchema {
  const data = { type: "string", contentMediaType: mediaType, contentSchema: schemaAt(item, "#/properties/data/contentSchema") };
  return { description: "One event of the stream.", type: "object", required: ["data"], properties: { data, event: { description: '"error" for the last event of a stream that an error broke off.', type: "string" } } };
}
