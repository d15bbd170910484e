import { expect, test } from "vitest";
import { withServer } from "./started-server.mjs";

const listening = 'require("node:http").createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1", function () { console.log("http://127.0.0.1:" + this.address().port); });';
const where = { folder: import.meta.dirname };

function script(code: string): [string, ...string[]] {
  return [process.execPath, "--eval", code];
}

test("the address that a server prints is used, and SIGTERM reaches it behind a shell too", async () => {
  const code = `process.on("SIGTERM", () => process.exit(0)); ${listening}`;
  const commandLine: [string, ...string[]] = ["sh", "-c", `"${process.execPath}" --eval '${code}'; exit $?`];
  for (const line of [script(code), commandLine]) {
    expect(await withServer(line, where, async (url) => (await fetch(url)).text())).toBe("hello");
  }
});

test("a server that does not end with 0 is an error", async () => {
  await expect(withServer(script(listening), where, async () => undefined)).rejects.toThrow("It ended with null after SIGTERM");
  const code = `process.on("SIGTERM", () => process.exit(3)); ${listening}`;
  await expect(withServer(script(code), where, async () => undefined)).rejects.toThrow("It ended with 3 after SIGTERM");
});

test("a server that ends before it listens is an error that shows what it wrote", async () => {
  const code = 'console.error("no such model"); process.exitCode = 1;';
  await expect(withServer(script(code), where, async () => undefined)).rejects.toThrow(
    /The server ended with 1 before it told its address\.\nno such model/,
  );
});

test("a command that does not exist is an error", async () => {
  await expect(withServer(["no-such-command-of-ours"], where, async () => undefined)).rejects.toThrow("ENOENT");
});

test("what goes wrong in its use is the error, and the server is gone", async () => {
  let address = "";
  const used = withServer(script(listening), where, async (url) => {
    address = url;
    throw new Error("wrong answer");
  });
  await expect(used).rejects.toThrow("wrong answer");
  await expect.poll(() => fetch(address).then(() => "answers", () => "gone")).toBe("gone");
});
