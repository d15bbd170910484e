import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Inside this package, so that its packages are found from there. */
const FOLDER = fileURLToPath(new URL("../tmp/", import.meta.url));

/** A service in TypeScript that Node cannot take as it is (an enum, imports that end in .js), with a Runnable that runs in a worker. */
const files: Readonly<Record<string, string>> = {
  "service.ts": `
import { Runner } from "bentoml-core";
import { Service, io } from "bentoml-server";
import { Doubler } from "./doubler.js";
import { greeting } from "./greeting.ts";

enum Mark { End = "!" }
const doubler = new Runner(Doubler, { name: "doubler", workers: 1 });

export const svc = new Service("sample", { runners: [doubler] });
svc.api("greet", { input: io.text(), output: io.text() }, async (name: string) => greeting + " " + name + Mark.End);
svc.api("double", { input: io.json<number>(), output: io.json<number>() }, async (value) => doubler.double(value));
`,
  "doubler.ts": `
import { Runnable } from "bentoml-core";

export class Doubler extends Runnable {
  static override readonly methods = { double: {} } as const;
  static readonly module: string = import.meta.url;
  double(value: number): number {
    return value * 2;
  }
}
`,
  "greeting.ts": `export const greeting: string = "hello";\n`,
};

/** A folder with a service, to be served and changed. */
export class ServiceProject {
  readonly folder: string;

  constructor(changed: Readonly<Record<string, string>> = {}) {
    mkdirSync(FOLDER, { recursive: true });
    this.folder = mkdtempSync(join(FOLDER, "service-"));
    for (const [name, text] of Object.entries({ ...files, ...changed })) this.write(name, text);
  }

  write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Asks the API of the service that greets. */
export async function greet(url: string, name: string): Promise<string> {
  const answer = await fetch(`${url}/greet`, { method: "POST", headers: { "Content-Type": "text/plain" }, body: name });
  return answer.text();
}
