import { MissingDependencyError } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { explainLoadFailure, loadOnnxRuntime, type HostPlatform } from "./native-library.js";

const host: HostPlatform = { platform: "linux", arch: "x64", musl: false };

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

const notInstalled = failure("ERR_MODULE_NOT_FOUND", "Cannot find package 'onnxruntime-node' imported from /app/a.mjs");
const noBinding = failure(
  "MODULE_NOT_FOUND",
  "Cannot find module '../bin/napi-v6/linux/riscv64/onnxruntime_binding.node'\nRequire stack:\n- binding.js",
);

describe("explainLoadFailure", () => {
  test("names the package to install and the cure for its install script", () => {
    const error = explainLoadFailure(notInstalled, host);
    expect(error).toBeInstanceOf(MissingDependencyError);
    expect(error.message).toContain("npm i onnxruntime-node");
    expect(error.message).toContain("ONNXRUNTIME_NODE_INSTALL=skip");
    expect(error.message).toContain("--ignore-scripts");
    expect(error.cause).toBe(notInstalled);
  });

  test("a missing package is said to be missing on musl too", () => {
    expect(explainLoadFailure(notInstalled, { ...host, musl: true }).message).toContain("npm i onnxruntime-node");
  });

  test("names a platform without a native part", () => {
    const { message } = explainLoadFailure(noBinding, { ...host, arch: "riscv64" });
    expect(message).toContain("no native part for linux-riscv64");
  });

  test("names musl as the trouble", () => {
    const loader = failure("ERR_DLOPEN_FAILED", "Error loading shared library ld-linux-x86-64.so.2");
    expect(explainLoadFailure(loader, { ...host, musl: true }).message).toMatch(/musl.*glibc/);
  });

  test("tells an incomplete installation", () => {
    const loader = failure("ERR_DLOPEN_FAILED", "libonnxruntime.so.1: cannot open shared object file");
    expect(explainLoadFailure(loader, host).message).toMatch(/libonnxruntime\.so\.1.*npm i again/);
  });

  test("tells a system library that is too old", () => {
    const loader = failure("ERR_DLOPEN_FAILED", "/lib/libc.so.6: version `GLIBC_2.34' not found");
    expect(explainLoadFailure(loader, host).message).toMatch(/newer system library.*GLIBC_2\.34/);
  });

  test("passes on what it does not know", () => {
    expect(explainLoadFailure("odd", host).message).toContain("odd");
  });
});

describe("loadOnnxRuntime", () => {
  test("a failed load is tried again, a good one is kept", async () => {
    await expect(loadOnnxRuntime(() => Promise.reject(notInstalled))).rejects.toBeInstanceOf(MissingDependencyError);
    const engine = await loadOnnxRuntime();
    expect(typeof engine.InferenceSession.create).toBe("function");
    expect(await loadOnnxRuntime(() => Promise.reject(notInstalled))).toBe(engine);
  });
});
