import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { modelPath } from "@bentoml-tools/digits";
import { addSub, identity } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { get, saveModel } from "bentoml-onnx";
import { io, ModelServer, servedModel, Service, type ModelServerOptions, type ServedModel } from "bentoml-server";

/** A server with a few models of different kinds and a service, for tests of its page. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

/** A name that would be HTML, a shell command and a quote, if somebody forgot to escape it. */
export const hostileName = `<img src=x onerror=alert(1)>'"$(id)`;

const irisPath = fileURLToPath(new URL("../../../docs/examples/iris/iris.onnx", import.meta.url));

/** Starts it on a free port. @param strangeName what one of the models is called. */
export async function startPageServer(options: Partial<ModelServerOptions> = {}, strangeName = hostileName): Promise<PageServer> {
  const home = await mkdtemp(join(tmpdir(), "bentoml-page-"));
  const store = new ModelStore(home);
  const saved = await Promise.all([
    saveModel("digits", modelPath, { store, signatures: { run: { batchable: true } } }),
    saveModel("iris", irisPath, { store, signatures: { run: { batchable: true } } }),
    saveModel("add-sub", addSub(), { store }),
    saveModel("echo", identity("float32"), { store }),
    saveModel("half", identity("float16"), { store }),
  ]);
  const models = saved.map(({ tag }): ServedModel => {
    const model = get(tag, { store });
    return servedModel(model, model.toRunner(), tag.name === "echo" ? { name: strangeName } : {});
  });
  const server = new ModelServer({ models, service: demoService(), ownsRunners: true, ...options });
  const { url } = await server.listen({ port: 0 });
  const close = async (): Promise<void> => {
    await server.close({ graceMs: 0 });
    await rm(home, { recursive: true });
  };
  return { url, [Symbol.asyncDispose]: close };
}

/** APIs of each kind that the page has a form for. */
function demoService(): Service {
  const service = new Service("flowers-and-figures", { version: "1.2.0" });
  service.api("shout", { input: io.text(), output: io.text() }, (text) => text.toUpperCase());
  service.api("sum", { input: io.json<{ numbers: number[] }>(undefined, { example: { numbers: [1, 2, 3] } }), output: io.json<{ sum: number }>() }, ({ numbers }) => ({ sum: numbers.reduce((sum, value) => sum + value, 0) }));
  service.api("weigh", { input: io.image(), output: io.json<{ bytes: number }>() }, (picture) => ({ bytes: picture.length }));
  service.api("label", { input: io.multipart({ note: io.text(), picture: io.image() }), output: io.text() }, ({ note, picture }) => `${note}: ${picture.mimeType}`);
  service.api("count", { input: io.json<{ upTo: number }>(undefined, { example: { upTo: 3 } }), output: io.stream(io.text()) }, async function* ({ upTo }) {
    for (let number = 1; number <= upTo; number++) yield `number ${number}`;
  });
  return service;
}
