import { readFileSync, statSync } from "node:fs";
import { InvalidModelError } from "../errors/index.js";
import { Tag } from "../tag/index.js";
import { MODEL_YAML, type ModelInfo } from "./model-info.js";
import { parseTimestamp, readYamlMapping, writeYaml } from "./python-yaml.js";
import { signaturesFromYaml, signaturesToYaml } from "./signature-yaml.js";
import { expectRecord, expectText, expectTexts, isRecord } from "./yaml-fields.js";

const KNOWN_KEYS: readonly string[] = [
  "name", "version", "module", "labels", "options", "metadata", "context", "signatures", "api_version", "creation_time", "node",
  // Written by Python before 1.0, without use now.
  "bentoml_version",
];

/** Far more than the checksums of 100,000 files take. A longer one would only fill the memory. */
const MAX_BYTES = 64 * 2 ** 20;

/** Reads a `model.yaml`. Throws InvalidModelError that names the file and what is wrong with it. */
export function readModelYaml(file: string): ModelInfo {
  let text: string | undefined;
  try {
    if (statSync(file).size <= MAX_BYTES) text = readFileSync(file, "utf8");
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const trouble = isMissing ? `there is no ${MODEL_YAML} in it; a save may have been cut off` : `${file} cannot be read`;
    throw new InvalidModelError(`The folder ${file.slice(0, -MODEL_YAML.length - 1)} holds no model: ${trouble}.`, { cause });
  }
  if (text === undefined) throw new InvalidModelError(`${file} has more than ${MAX_BYTES} bytes: it is no model.yaml. Save the model again.`);
  return parseModelYaml(text, file);
}

/** As `readModelYaml`, from text; `file` is for the error. */
export function parseModelYaml(text: string, file: string): ModelInfo {
  try {
    return infoFrom(readYamlMapping(text));
  } catch (cause) {
    throw new InvalidModelError(`${file} is malformed: ${(cause as Error).message}. Mend the file, or save the model again.`, { cause });
  }
}

function infoFrom(yaml: Readonly<Record<string, unknown>>): ModelInfo {
  const { adapter, files, ...node } = isRecord(yaml["node"]) ? yaml["node"] : {};
  const name = expectText(yaml["name"], "name");
  const version = expectText(yaml["version"], "version");
  expectTag(name, version);
  const { text, time } = creationTimeOf(yaml["creation_time"]);
  return {
    name,
    version,
    module: expectText(yaml["module"] ?? "", "module"),
    labels: expectTexts(yaml["labels"], "labels"),
    options: expectRecord(yaml["options"] ?? {}, "options"),
    metadata: expectRecord(yaml["metadata"] ?? {}, "metadata"),
    context: contextFrom(yaml["context"]),
    signatures: signaturesFromYaml(yaml["signatures"]),
    apiVersion: expectText(yaml["api_version"] ?? "v1", "api_version"),
    creationTime: time,
    creationTimeText: text,
    adapter: typeof adapter === "string" ? adapter : undefined,
    files: isRecord(files) ? expectTexts(files, "node.files") : undefined,
    node,
    otherKeys: Object.fromEntries(Object.entries(yaml).filter(([key]) => !KNOWN_KEYS.includes(key))),
  };
}

function expectTag(name: string, version: string): void {
  if (name !== name.toLowerCase() || version !== version.toLowerCase()) {
    throw new Error(`the tag "${name}:${version}" must be lower case`);
  }
  new Tag(name, version);
}

function contextFrom(value: unknown): ModelInfo["context"] {
  const context = expectRecord(value ?? {}, "context");
  return {
    frameworkName: expectText(context["framework_name"] ?? "", "context.framework_name"),
    // Files of early versions hold `pip_dependencies` in place of the versions.
    frameworkVersions: expectTexts(context["framework_versions"], "context.framework_versions"),
    bentomlVersion: expectText(context["bentoml_version"] ?? "", "context.bentoml_version"),
    pythonVersion: expectText(context["python_version"] ?? "", "context.python_version"),
  };
}

/** Usually quoted text; a plain YAML timestamp is taken as well. */
function creationTimeOf(value: unknown): { text: string; time: Date } {
  const text = value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : expectText(value, "creation_time");
  const time = parseTimestamp(text);
  if (Number.isNaN(time.getTime())) throw new Error(`creation_time must be an ISO-8601 time, got ${JSON.stringify(text)}`);
  return { text, time };
}

/** Writes a `model.yaml` with the keys and the order of the Python original; ours stand under `node`, which it ignores. */
export function formatModelYaml(info: ModelInfo): string {
  const node = {
    ...(info.adapter === undefined ? {} : { adapter: info.adapter }),
    ...info.node,
    ...(info.files === undefined ? {} : { files: info.files }),
  };
  return writeYaml({
    name: info.name,
    version: info.version,
    module: info.module,
    labels: info.labels,
    options: info.options,
    metadata: info.metadata,
    context: {
      framework_name: info.context.frameworkName,
      framework_versions: info.context.frameworkVersions,
      ...(info.context.bentomlVersion === "" ? {} : { bentoml_version: info.context.bentomlVersion }),
      // Left out, Python takes its own version for it; an empty one would be shown.
      ...(info.context.pythonVersion === "" ? {} : { python_version: info.context.pythonVersion }),
    },
    signatures: signaturesToYaml(info.signatures),
    api_version: info.apiVersion,
    creation_time: info.creationTimeText,
    ...(Object.keys(node).length === 0 ? {} : { node }),
    ...info.otherKeys,
  });
}
