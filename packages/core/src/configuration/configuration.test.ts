import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Configuration } from "./configuration.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bentoml-configuration-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function load(environment: Record<string, string> = {}, options?: Record<string, unknown>): Configuration {
  return Configuration.load({ workingFolder: folder, environment, ...(options === undefined ? {} : { options }) });
}

function loadText(text: string, environment: Record<string, string> = {}): Configuration {
  write("bentoml.config.yaml", text);
  return load(environment);
}

describe("where it is read from", () => {
  test("nothing at all gives the defaults", () => {
    const configuration = load();
    expect(configuration.sources).toEqual([]);
    expect(configuration.runner("any")).toMatchObject({
      resources: undefined,
      workersPerResource: 1,
      batching: { enabled: true, strategy: undefined, maxBatchSize: 100, maxLatencyMs: 60_000, maxQueueDelayMs: undefined, maxQueueSize: 100_000 },
      timeoutMs: 900_000,
      maxConcurrency: undefined,
      accessLog: { enabled: false, requestContentType: true },
      metricsEnabled: true,
    });
    expect(configuration.apiServer).toMatchObject({
      host: undefined,
      port: undefined,
      maxRunnerConnections: 16,
      timeoutMs: 60_000,
      runnerProbe: { enabled: true, timeoutMs: 1_000 },
      cors: { enabled: false, allowOrigins: [] },
      pageEnabled: true,
    });
  });

  test.each(["bentoml.config.yaml", "bentoml.config.yml"])("%s of the working folder", (name) => {
    write(name, "runners: { batching: { max_batch_size: 7 } }\n");
    expect(load().runner("r").batching.maxBatchSize).toBe(7);
    expect(load().sources).toEqual([join(folder, name)]);
  });

  test("bentoml.config.json, with the spaces and tabs of any JSON", () => {
    write("bentoml.config.json", '{\n\t"runners": {\n\t\t"batching": {"max_batch_size": 7}\n\t}\n}\n');
    expect(load().runner("r").batching.maxBatchSize).toBe(7);
  });

  test("two files in the working folder are a question, not an answer", () => {
    write("bentoml.config.yaml", "");
    write("bentoml.config.json", "{}");
    expect(() => load()).toThrow(/has bentoml\.config\.yaml and bentoml\.config\.json; keep one, or name it in BENTOML_CONFIG/);
  });

  test("BENTOML_CONFIG wins over the working folder, and must exist", () => {
    write("bentoml.config.yaml", "runners: { batching: { max_batch_size: 7 } }");
    write("other.yaml", "runners: { batching: { max_batch_size: 9 } }");
    expect(load({ BENTOML_CONFIG: "other.yaml" }).runner("r").batching.maxBatchSize).toBe(9);
    expect(() => load({ BENTOML_CONFIG: "missing.yaml" })).toThrow(/missing\.yaml cannot be read: ENOENT.*BENTOML_CONFIG/);
  });

  test("BENTOML_CONFIG_OPTIONS wins over the file, options of the program over both, key by key", () => {
    write("bentoml.config.yaml", "runners: { workers_per_resource: 1, batching: { max_batch_size: 7, max_latency_ms: 70 } }");
    const environment = { BENTOML_CONFIG_OPTIONS: "runners.batching.max_batch_size=8 runners.batching.max_latency_ms=80" };
    const configuration = load(environment, { runners: { batching: { max_latency_ms: 90 } } });
    expect(configuration.runner("r")).toMatchObject({ workersPerResource: 1, batching: { maxBatchSize: 8, maxLatencyMs: 90 } });
    expect(configuration.sources).toEqual([join(folder, "bentoml.config.yaml"), "BENTOML_CONFIG_OPTIONS", "the options given by the program"]);
    expect(configuration.runner("r").origin("batching", "max_batch_size")).toBe("runners.batching.max_batch_size in BENTOML_CONFIG_OPTIONS");
  });

  test("file: false reads none, another file is read instead", () => {
    write("bentoml.config.yaml", "runners: { batching: { max_batch_size: 7 } }");
    write("other.yaml", "runners: { batching: { max_batch_size: 9 } }");
    expect(Configuration.load({ workingFolder: folder, environment: {}, file: false }).sources).toEqual([]);
    expect(Configuration.load({ environment: {}, file: join(folder, "other.yaml") }).runner("r").batching.maxBatchSize).toBe(9);
  });

  test("that of the process is read once", () => {
    expect(Configuration.current()).toBe(Configuration.current());
  });
});

describe("runners", () => {
  test("a section of a runner is merged over that of all, deeply, as in the Python original", () => {
    const configuration = loadText(`
runners:
  batching: { enabled: false, max_batch_size: 10 }
  resources: { cpu: 4 }
  logging: { access: { enabled: false } }
  test_runner_1:
    resources: { cpu: 2 }
  test_runner_2:
    resources: { cpu: 1 }
  test_runner_gpu:
    resources: { nvidia.com/gpu: 1 }
  test_runner_batching:
    batching: { enabled: true }
    logging: { access: { enabled: true } }
`);
    expect(configuration.runner("test_runner_1")).toMatchObject({ resources: { cpu: 2 }, batching: { enabled: false, maxBatchSize: 10 }, accessLog: { enabled: false } });
    expect(configuration.runner("test_runner_2").resources).toEqual({ cpu: 1 });
    expect(configuration.runner("test_runner_gpu").resources).toEqual({ cpu: 4, "nvidia.com/gpu": 1 });
    expect(configuration.runner("test_runner_batching")).toMatchObject({ batching: { enabled: true, maxBatchSize: 10 }, accessLog: { enabled: true } });
    expect(configuration.runner("another")).toMatchObject({ resources: { cpu: 4 }, batching: { enabled: false } });
  });

  test("the text of a GPU's index stays a text", () => {
    expect(loadText('runners: { resources: { nvidia.com/gpu: "4" } }').runner("r").resources).toEqual({ "nvidia.com/gpu": "4" });
    expect(loadText("runners: { resources: { nvidia.com/gpu: [2, 4] } }").runner("r").resources).toEqual({ "nvidia.com/gpu": [2, 4] });
  });

  test("timeouts: 50 s for all, 100 of its own, and 60 under the old name, which warns", () => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    const configuration = loadText(`
runners:
  traffic: { timeout: 50 }
  test_runner_1: { traffic: { timeout: 100 } }
  test_runner_2: { resources: system }
  test_runner_3: { timeout: 60 }
`);
    expect(["test_runner_1", "test_runner_2", "test_runner_3"].map((name) => configuration.runner(name).timeoutMs)).toEqual([100_000, 50_000, 60_000]);
    expect(warn.mock.calls).toEqual([
      [expect.stringContaining("runners.test_runner_3.timeout in"), { type: "BentoMLWarning", code: "BENTOML_CONFIG_DEPRECATED" }],
    ]);
    warn.mockRestore();
  });

  test("system, for all resources or for one", () => {
    const configuration = loadText("runners: { resources: { cpu: 1 }, whole: { resources: system }, reset: { resources: null }, part: { resources: { cpu: system } } }");
    expect(configuration.runner("whole").resources).toBeUndefined();
    expect(configuration.runner("reset").resources).toBeUndefined();
    expect(configuration.runner("part").resources).toEqual({ cpu: "system" });
  });

  test("batching: strategy, delay and the bounds of the queue; a plain off, which YAML reads as false, is the strategy", () => {
    const configuration = loadText(`
runners:
  batching: { strategy: fixed, max_queue_delay_ms: 5, max_queue_size: 10 }
  plain: { batching: { strategy: off, max_queue_bytes: 1000000 } }
  quoted: { batching: { strategy: "off" } }
  reset: { batching: { strategy: ~ } }
`);
    expect(configuration.runner("any").batching).toMatchObject({ strategy: "fixed", maxQueueDelayMs: 5, maxQueueSize: 10 });
    expect(configuration.runner("plain").batching).toMatchObject({ strategy: "off", maxQueueBytes: 1_000_000 });
    expect(["quoted", "reset"].map((name) => configuration.runner(name).batching.strategy)).toEqual(["off", undefined]);
  });

  test("by default a quarter of the memory that the process may use may wait", () => {
    const limit = vi.spyOn(process, "constrainedMemory").mockReturnValue(4_000_000);
    expect(load().runner("r").batching.maxQueueBytes).toBe(1_000_000);
    // No limit, as the versions of Node.js say it, and one that is none.
    for (const none of [0, undefined as never, 2 ** 63]) {
      limit.mockReturnValue(none);
      expect(load().runner("r").batching.maxQueueBytes).toBe(Math.floor(totalmem() / 4));
    }
    limit.mockRestore();
  });

  test("capitals in a name make no difference", () => {
    expect(loadText("runners: { MyRunner: { workers_per_resource: 3 } }").runner("myRUNNER").workersPerResource).toBe(3);
    expect(() => loadText("runners: { MyRunner: {}, myrunner: {} }")).toThrow(/second section of runner "myrunner"/);
  });

  test("a runner that is called like a setting has what all have", () => {
    const configuration = loadText("runners: { batching: { enabled: false }, workers_per_resource: 2 }");
    expect(configuration.runner("batching")).toMatchObject({ workersPerResource: 2, batching: { enabled: false } });
  });

  test("a null asks for the default", () => {
    expect(loadText("runners: { batching: { max_batch_size: 10 }, r: { batching: { max_batch_size: ~ } } }").runner("r").batching.maxBatchSize).toBe(100);
    expect(() => loadText("api_server: ~\nrunners: { traffic: { max_concurrency: ~ }, r: ~ }")).not.toThrow();
  });
});

test("the API server's settings, times in seconds", () => {
  const { apiServer } = loadText(`
api_server:
  workers: 2
  max_runner_connections: 4
  traffic: { timeout: 1.5, max_concurrency: 2 }
  metrics: { enabled: false, duration: { buckets: [0.1, 1, 10] } }
  page: { enabled: false }
  logging: { access: { request_content_type: false } }
  http:
    host: 127.0.0.1
    port: 0
    cors: { enabled: on, allow_origins: "http://bentoml.ai:8080", max_age: 600 }
  runner_probe: { enabled: off, timeout: 2 }
`);
  expect(apiServer).toMatchObject({
    host: "127.0.0.1",
    port: 0,
    workers: 2,
    maxRunnerConnections: 4,
    timeoutMs: 1_500,
    maxConcurrency: 2,
    accessLog: { enabled: false, requestContentType: false },
    metricsEnabled: false,
    pageEnabled: false,
    durationBuckets: { buckets: [0.1, 1, 10], min: undefined },
    cors: { enabled: true, allowOrigins: ["http://bentoml.ai:8080"], maxAgeSeconds: 600 },
    runnerProbe: { enabled: false, timeoutMs: 2_000 },
  });
});
