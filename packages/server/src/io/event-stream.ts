/** Media type of server-sent events. */
export const EVENT_STREAM_TYPE = "text/event-stream";

/** One event: each line of its data has a field of its own. */
export function eventOf(data: string, name?: string): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${name === undefined ? "" : `event: ${name}\n`}${lines.join("")}\n`;
}
