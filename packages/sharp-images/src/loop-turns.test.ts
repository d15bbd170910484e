import { expect, test } from "vitest";
import { LoopTurns } from "./loop-turns.js";

test("each piece of work has a turn of the event loop to itself, in order", async () => {
  let turn = 0;
  let counting = true;
  const count = (): void => {
    turn++;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const turns = new LoopTurns();
  const took: [string, number][] = [];
  const piece = async (name: string): Promise<void> => {
    await turns.next();
    took.push([name, turn]);
  };
  await Promise.all([piece("a"), piece("b"), piece("c")]);
  await piece("d");
  counting = false;
  expect(took.map(([name]) => name).join()).toBe("a,b,c,d");
  expect(new Set(took.map(([, at]) => at)).size).toBe(4);
});
