import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { freePort } from "./free-port.js";

test("a port that is taken is passed over", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await freePort(port, "127.0.0.1")).not.toBe(port);
  await new Promise((resolve) => server.close(resolve));
  expect(await freePort(port, "127.0.0.1")).toBe(port);
});
