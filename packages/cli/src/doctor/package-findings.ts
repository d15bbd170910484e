import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { oneLine } from "../one-line.js";
import type { Finding, FindingLevel } from "./finding.js";
import { adapterVersionOf, installedAdapters, installedPackage, type InstalledPackage } from "./installed-packages.js";
import type { LoadModule, LoadOutcome } from "./load-in-child.js";

/** The contract between core and adapters that this version speaks. */
const ADAPTER_VERSION = "v1";

/** A library with a part that was built for one platform. */
interface NativePart {
  readonly name: string;
  /** The adapter that uses it. */
  readonly adapter: string;
  /** What the adapter takes where the library is not installed; none: it cannot do without. */
  readonly otherwise?: string;
  /** How it gets its native part where npm ran no install scripts. */
  readonly rebuild: string;
}

const NATIVE_PARTS: readonly NativePart[] = [
  { name: "onnxruntime-node", adapter: "bentoml-onnx", rebuild: "npm rebuild onnxruntime-node" },
  { name: "sharp", adapter: "bentoml-sharp-images", rebuild: "npm i --include=optional sharp" },
  {
    name: "@tensorflow/tfjs-node",
    adapter: "bentoml-tfjs",
    otherwise: "@tensorflow/tfjs-core",
    rebuild: "npm rebuild @tensorflow/tfjs-node --build-addon-from-source, or leave it out: bentoml-tfjs runs on WebAssembly as well",
  },
];

/**
 * The adapters that a command finds, and whether the native libraries that they use can be loaded here.
 *
 * @param folders where adapters are looked for, in order.
 */
export async function packageFindings(folders: readonly string[], load: LoadModule): Promise<Finding[]> {
  const adapters = installedAdapters(folders);
  const parts = await Promise.all(NATIVE_PARTS.map((part) => nativePartFinding(part, folders, adapters, load)));
  return [...coreFindings(folders, adapters), ...adapterFindings(adapters), ...parts.flatMap((finding) => finding ?? [])];
}

function adapterFindings(adapters: readonly InstalledPackage[]): Finding[] {
  if (adapters.length === 0) {
    return [finding("warning", "no adapter is installed, so no model can be run", "Install one in this project, such as: npm i bentoml-onnx onnxruntime-node")];
  }
  return adapters.map((adapter) => {
    const { name, version, folder } = adapter;
    const contract = adapterVersionOf(adapter);
    if (contract === ADAPTER_VERSION) return finding("ok", `${name} ${version} in ${folder}`);
    return finding("error", `${name} ${version} is an adapter of version ${String(contract)}, this bentoml speaks ${ADAPTER_VERSION}`, `Install one of the same time as bentoml: npm i ${name}@latest bentoml@latest`);
  });
}

/** Two copies of core do not know each other's runners and containers. */
function coreFindings(folders: readonly string[], adapters: readonly InstalledPackage[]): Finding[] {
  const copies = new Map<string, InstalledPackage>();
  for (const start of [...folders, ...adapters.map((adapter) => adapter.folder)]) {
    const core = installedPackage("bentoml-core", [start]);
    if (core !== undefined) copies.set(core.folder, core);
  }
  const all = [...copies.values()];
  if (all.length === 0) return [];
  if (all.length === 1) return [finding("ok", `bentoml-core ${all[0]?.version ?? ""} in ${all[0]?.folder ?? ""}`)];
  const places = all.map(({ version, folder: place }) => `${version} in ${place}`).join(", ");
  return [finding("warning", `bentoml-core is installed ${String(all.length)} times: ${places}`, "Bring all packages of bentoml to versions that take the same bentoml-core, then: npm dedupe")];
}

async function nativePartFinding(part: NativePart, folders: readonly string[], adapters: readonly InstalledPackage[], load: LoadModule): Promise<Finding | undefined> {
  const { name, adapter, otherwise } = part;
  const user = adapters.find((candidate) => candidate.name === adapter);
  // The adapter's own view first: it is the one that counts.
  const places = user === undefined ? folders : [user.folder, ...folders];
  const found = installedPackage(name, places);
  if (found === undefined) {
    if (user === undefined) return undefined;
    const replacement = otherwise === undefined ? undefined : installedPackage(otherwise, places);
    if (replacement !== undefined) return finding("ok", `${name} is not installed; ${adapter} takes ${replacement.name} ${replacement.version}`);
    return finding("error", `${name}, which ${adapter} needs, is not installed`, `npm i ${name}`);
  }
  return describeOutcome(part, found, await loaded(found, load));
}

function loaded({ name, folder }: InstalledPackage, load: LoadModule): Promise<LoadOutcome> {
  try {
    const entry = createRequire(join(folder, "package.json")).resolve(folder);
    return load(pathToFileURL(entry).href);
  } catch (error) {
    return Promise.resolve({ kind: "failed", message: `${name} has no entry: ${error instanceof Error ? error.message : String(error)}` });
  }
}

function describeOutcome({ rebuild }: NativePart, { name, version, folder }: InstalledPackage, outcome: LoadOutcome): Finding {
  const title = `${name} ${version} in ${folder}`;
  switch (outcome.kind) {
    case "loaded":
      return finding("ok", `${title}: its native part can be loaded`);
    case "crashed":
      return finding("error", `${title}: a process that loads it ends with ${outcome.signal}`, `Install it anew for this machine (${process.platform}, ${process.arch}): npm i ${name}@${version} --force`);
    case "failed":
      return finding("error", `${title} cannot be loaded: ${oneLine(outcome.message).slice(0, 300)}`, cureFor(outcome.message, name, rebuild));
  }
}

function cureFor(message: string, name: string, rebuild: string): string {
  if (/NODE_MODULE_VERSION|different Node\.js version/.test(message)) return `It was built for another Node.js: npm rebuild ${name}`;
  if (/GLIBC(?:XX)?_[\d.]+|GLIBCXX/.test(message)) return "The system is older than the library: take a newer one, such as the image node:22-slim.";
  if (/ELF|Exec format|mach-o|invalid image|not a valid Win32/i.test(message)) return `node_modules is of another machine: remove it and run npm install here.`;
  return `Its native part is missing or broken: ${rebuild}`;
}

function finding(level: FindingLevel, text: string, cure?: string): Finding {
  return { area: "packages", level, text, ...(cure === undefined ? {} : { cure }) };
}
