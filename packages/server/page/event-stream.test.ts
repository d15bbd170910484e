import { expect, test } from "vitest";
import { EventReader } from "./event-stream.js";

const text = ": comment\n\ndata: one\n\nevent: error\r\ndata: two\r\ndata:three\r\n\r\nid: 7\ndata\n\nevent: lost\n\ndata: unfinished";
const events = [
  { name: "message", data: "one" },
  { name: "error", data: "two\nthree" },
  { name: "message", data: "" },
];

test("events come as soon as they are whole, wherever the text is cut", () => {
  expect(new EventReader().push(text)).toEqual(events);
  for (let size = 1; size < 7; size++) {
    const reader = new EventReader();
    const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
    expect([size, parts.flatMap((part) => reader.push(part))]).toEqual([size, events]);
  }
});
