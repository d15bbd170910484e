import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CliWorkshop, type RunningCli } from "../echo-adapter.fixture.js";

let workshop: CliWorkshop;

beforeEach(() => {
  workshop = new CliWorkshop();
});

afterEach(() => {
  workshop[Symbol.dispose]();
});

async function urlOf(running: RunningCli): Promise<string> {
  const [, url = ""] = await running.printed(/serves on (\S+)/);
  await running.printed(/Try it/);
  return url;
}

function ask(url: string, model: string): Promise<Response> {
  const inputs = [{ name: "x", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] }];
  return fetch(`${url}/v2/models/${model}/infer`, { method: "POST", body: JSON.stringify({ inputs }) });
}

describe("a model that can be served", () => {
  test("is described, answers, and is let go of after SIGTERM", async () => {
    await workshop.save("echo:v1");
    const running = workshop.start(["serve", "echo:latest", "--port", "0", "--workers", "2", "--max-batch-size", "7"]);
    const url = await urlOf(running);
    expect(running.stdout()).toContain("  echo:v1\n    in   x  float32  [batch, 3]\n    out  y  float32  [batch, 3]\n");
    expect(running.stdout()).toContain("    2 workers of 2 threads; batches of up to 7\n");

    const answer = await ask(url, "echo");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ model_version: "v1", outputs: [{ name: "y", data: [1, 2, 3] }] });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    running.signal("SIGTERM");
    expect(await running.code).toBe(0);
    expect(running.stdout()).toMatch(/SIGTERM: no new requests; accepted ones have 30 s to finish\n.*stopped\n$/);
    expect(running.stderr()).toBe("");
    expect(await workshop.journal()).toEqual(["init echo", "destroy echo"]);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("names the page, which can be left out, and how long it drains", async () => {
    await workshop.save("echo:v1");
    const running = workshop.start(["serve", "echo", "--port", "0", "--drain-ms", "20", "--graceful-timeout-ms", "5000"]);
    const url = await urlOf(running);
    expect(running.stdout()).toContain(`\n  page for people: ${url}/\n`);
    expect((await fetch(url)).status).toBe(200);
    running.signal("SIGTERM");
    expect(await running.code).toBe(0);
    expect(running.stdout()).toMatch(/SIGTERM: not ready, no new requests in 0\.02 s; accepted ones have 5 s to finish\n/);

    const without = workshop.start(["serve", "echo", "--port", "0", "--no-page"]);
    const other = await urlOf(without);
    expect(without.stdout()).not.toContain("page for people");
    expect((await fetch(other)).status).toBe(404);
    without.signal("SIGTERM");
    expect(await without.code).toBe(0);
  });

  test("shows a curl line with the body that the server takes", async () => {
    await workshop.save("echo:v1");
    const running = workshop.start(["serve", "echo", "--port", "0"]);
    const url = await urlOf(running);
    const [, body = "", target = ""] = await running.printed(/^curl -s -d '(.*)' (\S+)$/m);
    const answer = await fetch(target, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } });
    expect(answer.status).toBe(200);
    expect(target.startsWith(url)).toBe(true);
    running.signal("SIGINT");
    expect(await running.code).toBe(0);
  });

  test("is served once when two tags mean it, and beside another of its versions", async () => {
    await workshop.save("echo:v1");
    await workshop.save("echo:v2");
    const running = workshop.start(["serve", "echo:v2", "echo:latest", "echo:v1", "--port", "0"]);
    const url = await urlOf(running);
    expect(await (await ask(url, "echo")).json()).toMatchObject({ model_version: "v2" });
    expect(await (await ask(url, "echo/versions/v1")).json()).toMatchObject({ model_version: "v1" });
    running.signal("SIGINT");
    expect(await running.code).toBe(0);
    expect((await workshop.journal()).filter((line) => line.startsWith("init"))).toEqual(["init echo-v2", "init echo-v1"]);
  });

  test("is loaded, replaced and unloaded by clients where that is allowed", async () => {
    await workshop.save("echo:v1");
    const running = workshop.start(["serve", "--model-control", "explicit", "--port", "0"]);
    const [, url = ""] = await running.printed(/serves on (\S+)/);
    const change = async (what: string): Promise<unknown> => {
      const response = await fetch(`${url}/v2/repository/models/${what}`, { method: "POST" });
      return [response.status, await response.text()];
    };
    expect((await ask(url, "echo")).status).toBe(404);
    expect(await change("echo/load")).toEqual([200, ""]);
    expect(await (await ask(url, "echo")).json()).toMatchObject({ model_version: "v1" });
    await workshop.save("echo:v2");
    expect(await change("echo/load")).toEqual([200, ""]);
    expect(await (await ask(url, "echo")).json()).toMatchObject({ model_version: "v2" });
    expect(await change("echo:v1/load")).toEqual([200, ""]);
    expect(await (await ask(url, "echo")).json()).toMatchObject({ model_version: "v1" });
    expect(await change("nope/load")).toEqual([404, expect.stringContaining("in the store of this server")]);
    expect(await change("a%20b/load")).toEqual([400, expect.stringContaining("a b")]);
    expect(await change("echo/unload")).toEqual([200, ""]);
    expect((await ask(url, "echo")).status).toBe(404);
    running.signal("SIGTERM");
    expect(await running.code).toBe(0);
    expect(running.stdout()).toMatch(/echo:v2 is loaded\n[^]*echo:v1 is loaded\n[^]*echo:v1 is unloaded\n/);
    expect(await workshop.journal()).toHaveLength(6);
  });

  test("ends the process at once on a second signal", async () => {
    await workshop.save("echo");
    const running = workshop.start(["serve", "echo", "--port", "0"]);
    await urlOf(running);
    running.signal("SIGINT");
    running.signal("SIGTERM");
    expect(running.exits).toEqual([143]);
    expect(await running.code).toBe(0);
  });

  test("is let go of when the signal comes while it starts", async () => {
    await workshop.save("echo");
    const running = workshop.start(["serve", "echo", "--port", "0"], {
      onSignal: (listener) => {
        listener("SIGTERM");
        return () => undefined;
      },
    });
    expect(await running.code).toBe(0);
    expect(running.stdout()).not.toContain("serves on");
    expect(await workshop.journal()).toEqual(["init echo", "destroy echo"]);
  });

  test("is given up when it does not let go within the graceful time", async () => {
    await workshop.save("echo", { labels: { destroy: "never" } });
    const running = workshop.start(["serve", "echo", "--port", "0", "--graceful-timeout-ms", "20"]);
    await urlOf(running);
    running.signal("SIGTERM");
    expect(await running.code).toBe(0);
    expect(running.stdout()).toMatch(/calls still ran after 0.02 s and were given up\n$/);
  });
});

describe("the configuration", () => {
  test("gives what the command line leaves out: address, batching; the command line wins", async () => {
    await workshop.save("echo:v1");
    writeFileSync(join(workshop.folder, "bentoml.config.yaml"), "api_server: { http: { host: ::1, port: 0, cors: { enabled: true, allow_origins: 'https://app.example.org' } }, max_runner_connections: 4 }\nrunners: { traffic: { timeout: 5 }, echo: { batching: { max_batch_size: 9 } } }\n");
    const running = workshop.start(["serve", "echo", "--host", "127.0.0.1"]);
    const url = await urlOf(running);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:(?!3000)\d+$/);
    const { headers } = await fetch(`${url}/livez`, { headers: { Origin: "https://app.example.org" } });
    expect(headers.get("access-control-allow-origin")).toBe("https://app.example.org");
    const unused = running.stdout().matchAll(/(\S+) in \S+ is not used by bentoml serve/g);
    expect([...unused].map(([, key]) => key)).toEqual(["api_server.max_runner_connections", "runners.traffic"]);
    expect(running.stdout()).toContain("batches of up to 9");
    running.signal("SIGTERM");
    expect(await running.code).toBe(0);
  });

  test("is told in one line when it is wrong, before anything is started", async () => {
    await workshop.save("echo:v1");
    const { code, stderr } = await workshop.run(["serve", "echo"], { environment: { BENTOML_CONFIG_OPTIONS: "api_server.http.prot=1" } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: The configuration in BENTOML_CONFIG_OPTIONS cannot be used\. api_server\.http\.prot is an unknown key, did you mean "port"\?[^\n]*\n$/);
    expect(await workshop.journal()).toEqual([]);
  });
});

describe("what cannot be served is told in one line", () => {
  async function fails(argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await workshop.run(["serve", "--port", "0", ...argv]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    return stderr;
  }

  test("an unknown tag", async () => {
    await workshop.save("echo:v1");
    const line = await fails(["ecoh"]);
    expect(line).toContain("ecoh is not in the store");
    expect(line).toContain("echo:v1");
  });

  test("a port that is taken, before any worker is started", async () => {
    await workshop.save("echo");
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    try {
      expect(await fails(["echo", "--port", String(port)])).toContain(`port ${port} on 127.0.0.1 is already in use`);
      expect(await workshop.journal()).not.toContain("init echo");
    } finally {
      other.close();
    }
  });

  test("a model that does not start; the others are stopped", async () => {
    await workshop.save("good");
    await workshop.save("bad", { labels: { init: "the file is broken\n  at line 3" } });
    expect(await fails(["good", "bad"])).toBe("error: the file is broken at line 3\n");
    expect((await workshop.journal()).sort()).toEqual(["destroy bad", "destroy good", "init bad", "init good"]);
  });

  test("a missing adapter", async () => {
    await workshop.save("gone", { module: "bentoml.gone" });
    expect(await fails(["gone"])).toContain("npm i bentoml-gone");
  });

  test("an adapter that is none", async () => {
    workshop.installAdapter("bentoml-empty", "export {};");
    await workshop.save("empty", { module: "bentoml.empty" });
    expect(await fails(["empty"])).toContain('bentoml-empty calls itself an adapter in its package.json, but its entry exports no function "get"');
  });

  test("an adapter that cannot be imported", async () => {
    workshop.installAdapter("bentoml-broken", 'import "no-such-library";');
    await workshop.save("broken", { module: "bentoml.broken" });
    const line = await fails(["broken"]);
    expect(line).toContain("bentoml-broken cannot be imported");
    expect(line).toContain("no-such-library");
  });

  test.each([
    [["echo", "--port", "66000"], "It must be a whole number from 0 to 65535."],
    [["echo", "--workers", "0"], "It must be a whole number of 1 or more."],
    [["echo", "--wrokers", "2"], "(Did you mean --workers?)"],
    [[], "Name a model to serve, such as digits:latest (bentoml models list shows all), or give --model-control explicit to load them later."],
  ])("the options %j", async (argv, expected) => {
    expect(await fails(argv)).toContain(expected);
  });

  test("with its stack on request", async () => {
    const { code, stderr } = await workshop.run(["serve", "echo", "--debug"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: .*\nModelNotFoundError: .*\n\s+at /);
    const byVariable = await workshop.run(["serve", "echo"], { environment: { BENTOML_DEBUG: "1" } });
    expect(byVariable.stderr).toContain("    at ");
  });
});
