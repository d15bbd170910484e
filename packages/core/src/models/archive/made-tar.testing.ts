import { Header, type HeaderData } from "tar";

/** A model.yaml as Python writes it, without checksums. */
export function yamlOf(tag = "py:v1"): string {
  const [name, version] = tag.split(":");
  return [
    `name: ${name}`, `version: ${version}`, "module: bentoml.onnx", "labels: {}", "options: {}", "metadata: {}",
    "context:", "  framework_name: onnx", "  framework_versions: {}", "  bentoml_version: 1.4.39", "  python_version: 3.11.7",
    "signatures: {}", "api_version: v2", "creation_time: '2026-11-21T21:53:16.854052+00:00'", "",
  ].join("\n");
}

/** One member of a tar file: its header and its content, in whole blocks. */
export function member(data: Omit<HeaderData, "type"> & { type?: string }, content: Uint8Array | string = ""): Buffer {
  const body = Buffer.from(content);
  const header = new Header({ mode: 0o644, mtime: new Date(0), size: body.length, ...data } as HeaderData);
  const block = Buffer.alloc(512);
  header.encode(block);
  return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** What ends a tar file. */
export const END: Buffer = Buffer.alloc(1024);

/** A tar file that begins with a usable model.yaml. */
export function modelTar(...members: readonly Buffer[]): Buffer {
  return Buffer.concat([member({ path: "./model.yaml", type: "File" }, yamlOf()), ...members, END]);
}
