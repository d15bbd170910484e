import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NdArray, Runnable, Runner, type NamedTensors } from "bentoml-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CliWorkshop, type RunningCli } from "../echo-adapter.fixture.js";

/** The client's idea of the echo adapter's model. It never runs here. */
class Echo extends Runnable {
  static override readonly methods = { run: {} } as const;

  run(_inputs: NamedTensors): NamedTensors {
    throw new Error("it runs on the server");
  }
}

let workshop: CliWorkshop;

beforeEach(async () => {
  workshop = new CliWorkshop();
  await workshop.save("echo:v1");
});

afterEach(() => {
  vi.restoreAllMocks();
  workshop[Symbol.dispose]();
});

async function urlOf(running: RunningCli): Promise<string> {
  const [, url = ""] = await running.printed(/echo:v1 on (\S+)\n[^]*initClient/);
  return url;
}

async function answerOf(url: string, token?: string): Promise<unknown> {
  await using client = new Runner(Echo, { name: "echo", graceMs: 0 });
  await client.initClient({ url, ...(token === undefined ? {} : { token }) });
  const { y } = (await client.run({ x: NdArray.from([[1, 2, 3]]) })) as Record<string, NdArray>;
  return y?.toNested();
}

test("a model's runner answers on a port, and is let go of after SIGTERM", async () => {
  const running = workshop.start(["start-runner-server", "echo", "--port", "0", "--workers", "2"]);
  const url = await urlOf(running);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(running.stdout()).toContain("    methods  run\n");
  expect(running.stdout()).toContain(`await runner.initClient({ url: "${url}" });`);
  expect(await answerOf(url)).toEqual([[1, 2, 3]]);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('service_name="echo",service_version="v1"');
  running.signal("SIGTERM");
  expect(await running.code).toBe(0);
  expect(running.stdout()).toMatch(/SIGTERM: no new requests; accepted ones have 30 s to finish\n.*stopped\n$/);
  expect(await workshop.journal()).toEqual(["init echo", "destroy echo"]);
});

test.skipIf(process.platform === "win32")("or on a Unix socket", async () => {
  // Paths of sockets are short.
  const folder = mkdtempSync(join(tmpdir(), "cli-"));
  const running = workshop.start(["start-runner-server", "echo", "--socket", join(folder, "echo.sock")]);
  const url = await urlOf(running);
  expect(url).toBe(`unix:${folder}/echo.sock`);
  expect(await answerOf(url)).toEqual([[1, 2, 3]]);
  running.signal("SIGINT");
  expect(await running.code).toBe(0);
  rmSync(folder, { recursive: true });
});

describe("the token", () => {
  test.each(["file", "environment"])("comes from the %s, and is shown nowhere", async (source) => {
    const file = join(workshop.folder, "token");
    writeFileSync(file, "s3cret\n");
    const running = workshop.start(["start-runner-server", "echo", "--port", "0", ...(source === "file" ? ["--token-file", "token"] : [])], {
      environment: source === "file" ? { BENTOML_RUNNER_TOKEN: "of the environment" } : { BENTOML_RUNNER_TOKEN: "s3cret" },
    });
    const url = await urlOf(running);
    expect(running.stdout()).toContain(", token });");
    expect(running.stdout()).not.toContain("s3cret");
    expect(await answerOf(url, "s3cret")).toEqual([[1, 2, 3]]);
    await expect(answerOf(url)).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    running.signal("SIGTERM");
    expect(await running.code).toBe(0);
  });

  test("is missed when others can connect", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const running = workshop.start(["start-runner-server", "echo", "--port", "0", "--host", "0.0.0.0"]);
    await vi.waitFor(() => {
      expect(warn).toHaveBeenCalledWith(expect.stringContaining("everybody who can reach 0.0.0.0 can call this server"), expect.objectContaining({ code: "BENTOML_OPEN_TO_OTHERS" }));
    }, 20_000);
    await running.printed(/echo:v1 on /);
    running.signal("SIGTERM");
    expect(await running.code).toBe(0);
  });
});

test("the configuration of the runner holds for its server", async () => {
  writeFileSync(join(workshop.folder, "bentoml.config.yaml"), "runners: { echo: { metrics: { enabled: false } } }\n");
  const running = workshop.start(["start-runner-server", "echo", "--port", "0"]);
  const url = await urlOf(running);
  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  running.signal("SIGTERM");
  expect(await running.code).toBe(0);
});

describe("what cannot be served is told in one line", () => {
  test.each<[string, readonly string[], RegExp]>([
    ["an unknown tag", ["ecoh"], /ecoh is not in the store/],
    ["a socket and a port", ["echo", "--socket", "x.sock", "--port", "1"], /--socket stands instead of --host and --port/],
    ["a token file that is not there", ["echo", "--token-file", "nowhere"], /The file of --token-file cannot be read: .*nowhere.*no such file/],
    ["an empty token file", ["echo", "--token-file", "empty"], /is empty: put the token in it/],
    ["a certificate without its key", ["echo", "--tls-cert", "cert.pem"], /give both --tls-cert and --tls-key/],
    ["a certificate that is none", ["echo", "--tls-cert", "empty", "--tls-key", "empty"], /PEM|no start line|key/i],
    ["a number that is none", ["echo", "--max-concurrency", "0"], /--max-concurrency/],
  ])("%s", async (_what, argv, message) => {
    writeFileSync(join(workshop.folder, "empty"), "\n");
    const { code, stdout, stderr } = await workshop.run(["start-runner-server", ...argv]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toMatch(message);
    expect(await workshop.journal()).not.toContain("init echo");
  });

  test("a port that is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await workshop.run(["start-runner-server", "echo", "--port", String(port)]);
    other.close();
    expect([code, stderr]).toEqual([1, expect.stringContaining(`port ${port} on 127.0.0.1 is already in use`)]);
  });
});
