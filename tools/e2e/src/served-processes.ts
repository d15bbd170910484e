import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addSub, slow } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import { Agent, request } from "undici";
import { childrenOf } from "./process-tree.js";
import { CliProcess } from "./served-cli.js";

export type ServedName = "add-sub" | "slow";

/** `bentoml serve` with two models, of which one is slow, in two API processes and a process for each runner. */
export class ServedProcesses {
  /** Connections are not kept: each request may reach another process. */
  readonly #fresh = new Agent({ pipelining: 0 });

  private constructor(
    readonly home: string,
    /** Where the command makes the folder of its sockets. */
    readonly temporary: string,
    readonly cli: CliProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<ServedProcesses> {
    // Paths of sockets are short.
    const home = await mkdtemp(join(tmpdir(), "bp-"));
    const temporary = join(home, "t");
    await mkdir(temporary);
    const store = new ModelStore(home);
    await saveModel("add-sub", addSub(), { store });
    await saveModel("slow", slow({ repeats: 200 }), { store });
    const cli = new CliProcess(["serve", "add-sub", "slow", "--api-workers", "2", "--workers", "1", "--port", "0"], { home, environment: { TMPDIR: temporary } });
    return new ServedProcesses(home, temporary, cli, await cli.url());
  }

  /** The status of an answer. */
  async ask(model: ServedName = "add-sub"): Promise<number> {
    const inputs =
      model === "slow"
        ? [{ name: "x", datatype: "FP32", shape: [1, 256], data: new Array<number>(256).fill(1) }]
        : ["a", "b"].map((name) => ({ name, datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] }));
    const { statusCode, body } = await request(`${this.url}/v2/models/${model}/infer`, { method: "POST", body: JSON.stringify({ inputs }), dispatcher: this.#fresh });
    await body.dump();
    return statusCode;
  }

  async page(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const { statusCode, body } = await request(`${this.url}${path}`, { dispatcher: this.#fresh });
    return { status: statusCode, text: await body.text() };
  }

  /** Libraries put files of their own there too. */
  async socketFolders(): Promise<readonly string[]> {
    return (await readdir(this.temporary)).filter((name) => name.startsWith("bentoml-"));
  }

  /** The processes that have such a title. */
  pids(title: string): readonly number[] {
    return childrenOf(this.cli.pid)
      .filter((child) => child.title.startsWith(title))
      .map(({ pid }) => pid);
  }

  async end(): Promise<void> {
    this.cli.signal("SIGKILL");
    await this.cli.ended;
    await rm(this.home, { recursive: true, force: true });
  }
}
