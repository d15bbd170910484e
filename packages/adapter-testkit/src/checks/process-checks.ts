import { defaultRegistry, resolveAdapter, type Payload } from "bentoml-core";
import type { ChildTask, Scenario, Traces } from "../child/child-protocol.js";
import { runChild, type ChildResult } from "../child/run-child.js";
import type { Check } from "../check.js";
import { broken, holds } from "../contract-error.js";
import type { SampleCall, SampleModel } from "../sample-model.js";
import { bytesIn } from "../values/arrays-in.js";
import type { Workshop } from "../workshop.js";

/** What only a process of its own can show: what is loaded, what stays, how it ends. */
export const processChecks: readonly Check[] = [
  { law: "importing the package loads nothing native and starts nothing", run: importing },
  { law: "get and toRunner load nothing native and start nothing", run: lookingUp },
  { law: "the package exports what the command line calls", run: exported },
  { law: "a worker finds each container by the module that registers it", needs: ["containers", "workers"], run: containerModules },
  { law: "without its native package, loading says what to install", needs: ["nativePackages", "loads"], run: missingPackage },
  { law: "destroy() leaves no timers, handles or process listeners", needs: ["local"], run: nothingLeft },
  { law: "a process ends by itself, after destroy() and without it", needs: ["workers"], run: ending },
  { law: "calls leave no external memory behind", needs: ["local", "memory"], run: memory },
];

/** At least so many bytes must go in and come out of a call, so that what it leaves behind can be told from noise. */
const LEAST_BYTES = 256;

async function importing(workshop: Workshop): Promise<void> {
  const { report } = await inChild(workshop, "look-up");
  checkTraces("Importing the package", report.afterImport, 'Import it in the Runnable\'s "setup", in "save" and in "load".');
}

async function lookingUp(workshop: Workshop): Promise<void> {
  const { report } = await inChild(workshop, "look-up");
  const { afterImport, atEnd } = report;
  const since = (key: keyof Traces): string[] => atEnd[key].filter((name) => !afterImport[key].includes(name));
  const traces = { libraries: since("libraries"), modules: since("modules"), resources: since("resources"), listeners: since("listeners") };
  checkTraces("get and toRunner", traces, 'Leave the work to the Runnable\'s "setup", which runs in a worker.');
}

function checkTraces(what: string, { libraries, modules, resources, listeners }: Traces, cure: string): void {
  holds(libraries.length === 0, `${what} loaded the native library ${libraries.join(", ")}. ${cure}`);
  holds(modules.length === 0, `${what} loaded ${modules[0] ?? ""} of a native package. ${cure}`);
  holds(resources.length === 0, `${what} left running: ${resources.join(", ")}. ${cure}`);
  holds(listeners.length === 0, `${what} left listeners of the process: ${listeners.join(", ")}. ${cure}`);
}

async function exported(workshop: Workshop): Promise<void> {
  const { functions } = (await inChild(workshop, "look-up")).report;
  const { leftOut } = workshop.options;
  const wanted = ["get", ...(leftOut?.saves === undefined ? ["saveModel"] : []), ...(leftOut?.loads === undefined ? ["loadModel"] : [])];
  const missing = wanted.filter((name) => !functions.includes(name));
  holds(missing.length === 0, `The package does not export ${missing.join(", ")} (its functions are ${functions.join(", ") || "none"}): export const { get, saveModel, loadModel } = defineAdapter({ … }).`);
}

async function containerModules(workshop: Workshop): Promise<void> {
  workshop.register();
  const names = (workshop.options.containers ?? []).map(({ name }) => name);
  const modules = defaultRegistry.modules.filter(({ container }) => names.includes(container));
  const untold = names.filter((name) => modules.every(({ container }) => container !== name));
  holds(untold.length === 0, `No module is known to register ${untold.join(", ")}, so a worker cannot read its values: give defineAdapter "moduleUrl: import.meta.url" of a module that exports "register".`);
  const { unregistered = [] } = (await inChild(workshop, "containers", { containers: modules })).report;
  holds(unregistered.length === 0, `Importing ${modules.map(({ module }) => module).join(", ")} and calling its "register" did not register ${unregistered.join(", ")}: export a function "register" from the module of "moduleUrl".`);
}

async function missingPackage(workshop: Workshop): Promise<void> {
  const { nativePackages = [] } = workshop.options;
  if (nativePackages.length === 0) broken('Give "nativePackages": what users install beside the adapter, or say in leftOut.nativePackages that there is nothing.');
  for (const name of nativePackages) {
    const { missing } = (await inChild(workshop, "missing", { nativePackages: [name] })).report;
    holds(missing?.classNames.includes("MissingDependencyError") === true, `loadModel without ${name} must throw MissingDependencyError from bentoml-core; it ${missing?.shown === "" ? "succeeded" : `threw: ${String(missing?.shown)}`}`);
    holds(missing.shown.includes(name) && /\binstall\b|npm i /.test(missing.shown), `The error of loadModel without ${name} does not say to install it: ${missing.shown}`);
  }
}

async function nothingLeft(workshop: Workshop): Promise<void> {
  const { report } = await inChild(workshop, "local");
  const { resources, listeners } = report.atEnd;
  holds(resources.length === 0, `After destroy() this still keeps the process alive: ${resources.join(", ")}. Let go of it in the Runnable's "teardown".`);
  holds(listeners.length === 0, `After destroy() the process still has listeners: ${listeners.join(", ")}. Remove them in the Runnable's "teardown".`);
}

async function ending(workshop: Workshop): Promise<void> {
  for (const scenario of ["workers", "forget"] as const) {
    const what = scenario === "workers" ? "after destroy()" : "whose runner nobody destroyed";
    const { endedByItself, code, signal, stderr } = await inChild(workshop, scenario);
    holds(endedByItself, `A process ${what} did not end by itself: call unref() on what may stay open, or close it with the runner. ${stderr.trim()}`);
    holds(code === 0, `A process ${what} ended with ${signal ?? `code ${String(code)}`} instead of code 0. ${stderr.trim()}`);
  }
}

async function memory(workshop: Workshop): Promise<void> {
  const { memoryBoundBytes: bound = 65_536 } = workshop.options;
  const { report } = await inChild(workshop, "memory", { memoryBoundBytes: bound });
  const { calls = 0, bytesPerCall = 0, grownBytes = 0 } = report.memory ?? {};
  holds(bytesPerCall >= LEAST_BYTES, `The largest sample call moves only ${bytesPerCall} bytes each way, too few to measure what calls leave behind: give one of at least ${LEAST_BYTES} bytes, or say in leftOut.memory why there is none.`);
  holds(grownBytes <= bound, `After ${calls} calls there were ${grownBytes} bytes more of external memory, which may grow by ${bound}: dispose of every tensor that a call makes, and keep no input or result.`);
}

async function inChild(workshop: Workshop, scenario: Scenario, changes: Partial<ChildTask> = {}): Promise<ChildResult> {
  const { sample, call } = largestCall(workshop.options.models);
  const { tag, info } = await workshop.saved(sample);
  const { name } = workshop.adapterPackage;
  const clue = { name: info.name, version: info.version, module: name, adapter: name };
  const { entryUrl } = resolveAdapter(clue, { projectFolder: workshop.project() });
  const task: ChildTask = {
    scenario,
    entryUrl,
    tag: tag.toString(),
    method: sample.method,
    runnerOptions: { workers: 1, ...sample.runnerOptions },
    args: await Promise.all(call.args().map(payloadOf)),
    nativePackages: workshop.options.nativePackages ?? [],
    memoryBoundBytes: 0,
    containers: [],
    ...changes,
  };
  return runChild(task, workshop.store.root);
}

async function payloadOf(value: unknown): Promise<Payload> {
  return defaultRegistry.containerOf(value).toPayload(value, 0);
}

function largestCall(models: readonly SampleModel[]): { readonly sample: SampleModel; readonly call: SampleCall } {
  const all = models.flatMap((sample) => sample.calls.map((call) => ({ sample, call, bytes: bytesIn(call.args()) })));
  return all.reduce((largest, each) => (each.bytes > largest.bytes ? each : largest));
}
