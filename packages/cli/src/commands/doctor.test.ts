import { chmodSync, mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CliWorkshop, type CliResult } from "../echo-adapter.fixture.js";
import type { Finding } from "../doctor/finding.js";

// Native libraries of this repository are loaded each time.
vi.setConfig({ testTimeout: 60_000 });

let workshop: CliWorkshop;

beforeEach(() => {
  workshop = new CliWorkshop();
});

afterEach(() => {
  workshop[Symbol.dispose]();
});

async function found(...options: string[]): Promise<{ readonly ok: boolean; readonly findings: readonly Finding[]; readonly result: CliResult }> {
  const result = await workshop.run(["doctor", "--json", ...options]);
  return { ...(JSON.parse(result.stdout) as { ok: boolean; findings: Finding[] }), result };
}

async function storeFindings(...options: string[]): Promise<readonly Finding[]> {
  return (await found(...options)).findings.filter(({ area }) => area === "store");
}

test("where all is well it says what there is, and ends with 0", async () => {
  await workshop.save("echo:v1");
  const { code, stdout, stderr } = await workshop.run(["doctor"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/^Machine\n {2}(?:ok|warning) +Node\.js /);
  expect(stdout).toContain(`  ok       bentoml-echo without a version in ${join(workshop.folder, "node_modules", "bentoml-echo")}\n`);
  expect(stdout).toContain(`  ok       ${workshop.store.root}: 1 model, `);
  expect(stdout).toContain("  ok       no file and no variable: the defaults\n");
  expect(stdout).toMatch(/\n(?:All is well|no errors, \d+ warnings?)\.\n$/);
  expect(stdout).not.toContain("\u001b[");
});

test("on a terminal it is coloured", async () => {
  let text = "";
  const stdout = { write: (more: string) => (text += more), isTTY: true };
  await workshop.run(["doctor"], { stdout });
  expect(text).toContain("\u001b[32mok");
  text = "";
  await workshop.run(["doctor"], { stdout, environment: { NO_COLOR: "1" } });
  expect(text).not.toContain("\u001b[");
});

test("a store that is not there yet is none to worry about", async () => {
  rmSync(workshop.store.root, { recursive: true, force: true });
  expect((await storeFindings())[0]).toEqual({ area: "store", level: "ok", text: `${workshop.store.root} is not there yet; the first save makes it` });
});

test("a broken model is an error, the others are counted; the command ends with 1 and one line", async () => {
  await workshop.save("echo:v1");
  const { path } = await workshop.save("bad:v1");
  writeFileSync(join(path, "model.yaml"), "name: [");
  mkdirSync(join(workshop.store.root, "models", "half", "v1"), { recursive: true });
  const { ok, findings, result } = await found();
  expect(ok).toBe(false);
  expect(result.code).toBe(1);
  expect(result.stderr).toBe("error: 1 thing has to be mended before models can be served\n");
  const broken = findings.filter(({ level }) => level === "error");
  expect(broken).toMatchObject([{ text: expect.stringContaining("bad:v1 cannot be read"), cure: expect.stringContaining("bentoml models delete bad:v1") }]);
  expect(findings).toContainEqual({ area: "store", level: "warning", text: expect.stringContaining("half:v1 has no model.yaml"), cure: "If nothing is being saved: bentoml models delete half:v1" });
  expect(findings).toContainEqual(expect.objectContaining({ text: expect.stringContaining(": 1 model,") }));
});

test("a model without an adapter, and what is left of killed saves, are warnings", async () => {
  await workshop.save("gone:v1", { module: "bentoml.gone" });
  const leftover = join(workshop.store.root, "tmp", "bentoml-js-1-2-0123abcd-xyz");
  mkdirSync(leftover, { recursive: true });
  writeFileSync(join(leftover, "part"), "12345");
  expect((await storeFindings()).filter(({ level }) => level !== "ok").map(({ text, cure }) => [text, cure])).toEqual([["no adapter opens gone:v1, whose module is bentoml.gone", "Install one: npm i bentoml-gone."]]);
  utimesSync(leftover, 0, 0);
  expect(await storeFindings()).toContainEqual({
    area: "store",
    level: "warning",
    text: `5.00 B are left of 1 unfinished save in ${join(workshop.store.root, "tmp")}`,
    cure: "The next save or import removes them, at the latest when they are a day old.",
  });
});

test.skipIf(process.getuid?.() === 0 || process.platform === "win32")("a store that cannot be written to is a warning", async () => {
  await workshop.save("echo:v1");
  chmodSync(workshop.store.root, 0o500);
  const findings = await storeFindings();
  chmodSync(workshop.store.root, 0o700);
  expect(findings).toContainEqual(expect.objectContaining({ level: "warning", text: expect.stringContaining("cannot be written to") }));
});

test("changed files are found when they are looked for", async () => {
  await workshop.save("echo:v1");
  const { path } = await workshop.save("changed:v1");
  writeFileSync(join(path, "weights.bin"), "other");
  expect((await storeFindings()).filter(({ level }) => level === "error")).toEqual([]);
  const verified = await storeFindings("--verify");
  expect(verified).toContainEqual(expect.objectContaining({ level: "ok", text: "echo:v1: 1 file is as saved" }));
  expect(verified.filter(({ level }) => level === "error")).toMatchObject([{ text: expect.stringContaining("weights.bin has changed") }]);
});

test("a configuration that is wrong is an error; keys that nobody uses are warnings", async () => {
  writeFileSync(join(workshop.folder, "bentoml.config.yaml"), "api_server: { runner_probe: { enabled: false } }");
  expect((await found()).findings.filter(({ area }) => area === "configuration")).toMatchObject([
    { level: "ok", text: expect.stringContaining("bentoml.config.yaml") },
    { level: "warning", text: expect.stringContaining("api_server.runner_probe.enabled"), cure: expect.any(String) },
  ]);
  writeFileSync(join(workshop.folder, "bentoml.config.yaml"), "api_server: { prot: 1 }");
  const { ok, findings } = await found();
  expect(ok).toBe(false);
  expect(findings.at(-1)).toMatchObject({ area: "configuration", level: "error", text: expect.stringContaining("prot") });
});
