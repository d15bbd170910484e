import { pipeline } from "node:stream/promises";
import { Readable } from "node:stream";
import { setImmediate as endOfTurn } from "node:timers/promises";
import { InvalidArgumentError } from "bentoml-core";
import { CsvError, parse, type Parser } from "csv-parse";
import type { ReceivedContent } from "./descriptor.js";
import { textOf } from "./text-bytes.js";

export const CSV_TYPE = "text/csv";

/** The texts of columns by their names, all of one length. */
export type TextTable = ReadonlyMap<string, readonly string[]>;

/** Bytes that are parsed in one turn of the event loop: some milliseconds. */
const BYTES_OF_A_TURN = 64 * 1024;
/** Of one row: a quote that is never closed must not make one of the whole body. */
const MOST_BYTES_OF_A_ROW = 4 * 1024 * 1024;
const LONGEST_REASON = 200;

/**
 * The columns of a CSV body (RFC 4180), whose first line names them. Lines that are empty are none. A large body is parsed in many turns of
 * the event loop, so that others are served meanwhile.
 *
 * @throws InvalidArgumentError that says what was expected, with the line.
 */
export async function csvColumns(content: ReceivedContent): Promise<TextTable> {
  if (content.mediaType?.parameters["header"] === "absent") throw new InvalidArgumentError("the table's first line must name its columns: send it with a header");
  // Says so of bytes that are no UTF-8, and of another charset.
  textOf(content);
  const table = new CsvColumns();
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: MOST_BYTES_OF_A_ROW,
    on_record: (record: readonly string[]) => table.add(record),
  });
  await parsed(content.bytes, parser);
  return table.columns;
}

async function parsed(bytes: Uint8Array, parser: Parser): Promise<void> {
  // No record comes out, but its end does.
  parser.resume();
  try {
    await pipeline(Readable.from(turns(bytes)), parser);
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    // Some messages quote a field, of whatever length.
    throw new InvalidArgumentError(`the body is not CSV: ${cause.message.slice(0, LONGEST_REASON)}`, { cause });
  }
}

async function* turns(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += BYTES_OF_A_TURN) {
    if (at > 0) await endOfTurn();
    yield bytes.subarray(at, at + BYTES_OF_A_TURN);
  }
}

/** Takes a table apart into its columns, row by row. */
class CsvColumns {
  #names: readonly string[] | undefined;
  #lists: string[][] = [];

  /** @throws InvalidArgumentError when nothing came. */
  get columns(): TextTable {
    if (this.#names === undefined) throw new InvalidArgumentError("the body is empty: send CSV, its first line the names of the columns");
    return new Map(this.#names.map((name, place) => [name, this.#lists[place] as string[]]));
  }

  /** Keeps the record's texts and gives nothing to the parser. */
  add(record: readonly string[]): null {
    if (this.#names === undefined) {
      this.#names = checkedNames(record);
      this.#lists = record.map(() => []);
    } else {
      for (const [place, list] of this.#lists.entries()) list.push(record[place] as string);
    }
    return null;
  }
}

function checkedNames(names: readonly string[]): readonly string[] {
  const unnamed = names.indexOf("");
  if (unnamed >= 0) throw new InvalidArgumentError(`column ${unnamed + 1} of the table has no name: name it in the first line, or leave it out (pandas: to_csv(index=False))`);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new InvalidArgumentError(`the table has the column "${name.slice(0, 80)}" twice: give each a name of its own`);
    seen.add(name);
  }
  return names;
}
