import { MissingDependencyError } from "bentoml-core";

/** The module `onnxruntime-node`. */
export type OnnxRuntime = typeof import("onnxruntime-node");

/** What decides whether the engine's native part can load here. */
export interface HostPlatform {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** True on Linux with musl, such as Alpine. */
  readonly musl: boolean;
}

let loading: Promise<OnnxRuntime> | undefined;

/**
 * onnxruntime-node, imported on first use: importing bentoml-onnx loads no native code.
 *
 * @throws MissingDependencyError when it is not installed or its native part does not load, with the cure.
 */
export function loadOnnxRuntime(importEngine: () => Promise<unknown> = importOnnxRuntime): Promise<OnnxRuntime> {
  loading ??= loadOnce(importEngine).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function loadOnce(importEngine: () => Promise<unknown>): Promise<OnnxRuntime> {
  try {
    return (await importEngine()) as OnnxRuntime;
  } catch (error) {
    throw explainLoadFailure(error, thisHost());
  }
}

function importOnnxRuntime(): Promise<unknown> {
  return import("onnxruntime-node");
}

/** Which of the ways to fail this one is, and what to do about it. */
export function explainLoadFailure(error: unknown, host: HostPlatform): MissingDependencyError {
  const code = (error as { code?: unknown } | null)?.code;
  const text = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  return new MissingDependencyError(messageFor(code, text, host), { cause: error });
}

const installCure =
  "If its install script fails because it cannot download (it fetches CUDA files that CPU use does not need), " +
  "set ONNXRUNTIME_NODE_INSTALL=skip, or install with --ignore-scripts: the CPU files are in the package.";

function messageFor(code: unknown, text: string, host: HostPlatform): string {
  if (code === "ERR_MODULE_NOT_FOUND" && text.includes("'onnxruntime-node'")) {
    return `ONNX models need the package onnxruntime-node, which is not installed: npm i onnxruntime-node. ${installCure}`;
  }
  if (host.musl) {
    return (
      "onnxruntime-node has no native part for musl (Alpine Linux): use an image with glibc, " +
      `such as node:20-slim. Its loader said: ${text}`
    );
  }
  if (code === "MODULE_NOT_FOUND" && text.includes("onnxruntime_binding")) {
    return (
      `onnxruntime-node is installed but has no native part for ${host.platform}-${host.arch}. If this version ` +
      "supports that platform, the installation is incomplete: delete node_modules/onnxruntime-node and run npm i again."
    );
  }
  if (code === "ERR_DLOPEN_FAILED") return loaderMessage(text, host);
  return `onnxruntime-node cannot be imported: ${text}. Install it again: npm i onnxruntime-node. ${installCure}`;
}

function loaderMessage(text: string, host: HostPlatform): string {
  if (/GLIBC(XX)?_[\d.]+/.test(text)) {
    return `onnxruntime-node needs a newer system library than this one: ${text}. Use a newer Linux image.`;
  }
  return (
    `The native part of onnxruntime-node does not load on ${host.platform}-${host.arch}: ${text}. ` +
    "Delete node_modules/onnxruntime-node and run npm i again, on the platform that will run it."
  );
}

function thisHost(): HostPlatform {
  return { platform: process.platform, arch: process.arch, musl: process.platform === "linux" && !hasGlibc() };
}

function hasGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
