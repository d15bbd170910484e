import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { openLoop, percentile } from "./open-loop.js";

test.each([
  [[], 0.99, 0],
  [[5], 0.5, 5],
  [[3, 1, 2, 4], 0.5, 2],
  [[3, 1, 2, 4], 1, 4],
  [Array.from({ length: 1000 }, (_, index) => index + 1), 0.999, 999],
])("percentile of %j at %d", (values, share, expected) => {
  expect(percentile(values, share)).toBe(expected);
});

test("requests are sent at their rate, whatever becomes of them", async () => {
  const statuses = [200, 503, 429, 500];
  let seen = 0;
  const server = createServer((_request, response) => response.writeHead(statuses[seen++ % statuses.length] as number).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { answered, refused, failed } = await openLoop(`http://127.0.0.1:${(server.address() as AddressInfo).port}/x`, "{}", 200, 0.2);
  server.close();
  expect(answered.length + refused.length + failed).toBe(seen);
  expect(seen).toBeGreaterThan(20);
  expect(seen).toBeLessThanOrEqual(41);
  expect(Math.abs(refused.length - 2 * answered.length)).toBeLessThanOrEqual(2);
});
