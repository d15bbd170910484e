/**
 * Walks the messages of an Arrow IPC stream and checks every count and length in them against the bytes that there are, before
 * apache-arrow reads them, which trusts them: a changed byte would have it fill the memory. The layout is that of Arrow's
 * Message.fbs and Schema.fbs, format version 5, in FlatBuffers.
 *
 * @throws RangeError or Error that says what does not fit.
 */
export function checkArrowStream(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  let messages = 0;
  while (start < bytes.byteLength) {
    if (view.getInt32(start, true) !== CONTINUATION) break;
    const size = view.getInt32(start + 4, true);
    if (size === 0) break;
    const end = start + 8 + size;
    if (size < 0 || end > bytes.byteLength) throw new Error("a message is longer than the stream");
    const bodyLength = new MessageChecker(new DataView(bytes.buffer, bytes.byteOffset + start + 8, size)).check();
    start = end + bodyLength;
    if (start > bytes.byteLength) throw new Error("the body of a message is longer than the stream");
    messages++;
  }
  if (messages === 0) throw new Error("it does not begin as a stream does");
}

const CONTINUATION = -1;
/** Kinds of `Message.header`. */
const [SCHEMA, DICTIONARY_BATCH, RECORD_BATCH] = [1, 2, 3];

/** One message's metadata. Reads outside of it throw, since a DataView does. */
class MessageChecker {
  /** Bytes of text that were met; one text may be named many times. */
  #textBytes = 0;

  constructor(private readonly view: DataView) {}

  /** @returns Bytes of the message's body. */
  check(): number {
    const message = this.view.getInt32(0, true);
    const bodyLength = this.#long(this.#field(message, 3));
    const kindPlace = this.#field(message, 1);
    const kind = kindPlace === undefined ? 0 : this.view.getUint8(kindPlace);
    const header = this.#table(message, 2);
    if (header === undefined) throw new Error("a message has no header");
    this.#checkTexts(message, 4);
    if (kind === SCHEMA) this.#checkSchema(header);
    else if (kind === RECORD_BATCH) this.#checkBatch(header, bodyLength);
    else if (kind === DICTIONARY_BATCH) this.#checkBatch(this.#table(header, 1), bodyLength);
    else throw new Error(`a message is of the unknown kind ${kind}`);
    return bodyLength;
  }

  #checkSchema(schema: number): void {
    for (const place of this.#vector(schema, 1, 4)) {
      const field = this.#follow(place);
      this.#checkText(this.#field(field, 0));
      this.#checkTexts(field, 6);
      if (this.#vector(field, 5, 4).length > 0) throw new Error("a column has columns in it");
    }
    this.#checkTexts(schema, 2);
  }

  /** Each row takes a bit of every column at the least. */
  #checkBatch(batch: number | undefined, bodyLength: number): void {
    if (batch === undefined) throw new Error("a dictionary has no values");
    const rows = this.#long(this.#field(batch, 0));
    if (rows > bodyLength * 8) throw new Error(`a batch has ${rows} rows in ${bodyLength} bytes`);
    for (const node of this.#vector(batch, 1, 16)) {
      if (this.#long(node) !== rows) throw new Error("the columns of a batch have different lengths");
    }
    for (const buffer of this.#vector(batch, 2, 16)) {
      if (this.#long(buffer) + this.#long(buffer + 8) > bodyLength) throw new Error("a buffer lies outside of its batch");
    }
    if (this.#field(batch, 3) !== undefined) throw new Error("it is compressed");
  }

  /** A list of keys with values. */
  #checkTexts(table: number, id: number): void {
    for (const place of this.#vector(table, id, 4)) {
      const pair = this.#follow(place);
      this.#checkText(this.#field(pair, 0));
      this.#checkText(this.#field(pair, 1));
    }
  }

  #checkText(place: number | undefined): void {
    if (place === undefined) return;
    this.#textBytes += this.view.getUint32(this.#follow(place), true);
    if (this.#textBytes > this.view.byteLength) throw new Error("a text is longer than its message");
  }

  /** Where the items of a list are; each takes so many bytes. */
  #vector(table: number, id: number, itemBytes: number): number[] {
    const place = this.#field(table, id);
    if (place === undefined) return [];
    const start = this.#follow(place);
    const count = this.view.getUint32(start, true);
    if (start + 4 + count * itemBytes > this.view.byteLength) throw new Error("a list is longer than its message");
    return Array.from({ length: count }, (_, item) => start + 4 + item * itemBytes);
  }

  #table(table: number, id: number): number | undefined {
    const place = this.#field(table, id);
    return place === undefined ? undefined : this.#follow(place);
  }

  #follow(place: number): number {
    return place + this.view.getUint32(place, true);
  }

  /** Where a table has its field; undefined where it has none. */
  #field(table: number, id: number): number | undefined {
    const fields = table - this.view.getInt32(table, true);
    const slot = 4 + id * 2;
    const offset = slot < this.view.getUint16(fields, true) ? this.view.getUint16(fields + slot, true) : 0;
    return offset === 0 ? undefined : table + offset;
  }

  #long(place: number | undefined): number {
    const value = place === undefined ? 0 : Number(this.view.getBigInt64(place, true));
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new Error(`a length is ${value}`);
  }
}
