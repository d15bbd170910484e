import { StringDecoder } from "node:string_decoder";

/**
 * The data of each event of a `text/event-stream` body, as it comes. Names, ids and comments of events are passed over: Triton
 * writes none.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  const event = new EventLines();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.write(chunk);
    const lines = rest.split(/\r\n|\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const data = event.take(line);
      if (data !== undefined) yield data;
    }
  }
  // A server that forgets the empty line at the end has still said what it said.
  event.take(rest + decoder.end());
  const last = event.take("");
  if (last !== undefined) yield last;
}

class EventLines {
  #data: string[] = [];

  /** The event's data when this line ends one that has some. */
  take(line: string): string | undefined {
    if (line === "") {
      const data = this.#data.length === 0 ? undefined : this.#data.join("\n");
      this.#data = [];
      return data;
    }
    if (line.startsWith("data:")) this.#data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
    return undefined;
  }
}
