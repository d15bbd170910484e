import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCli } from "bentoml";
import { ModelServer, Service } from "bentoml-server";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { repository } from "./repository.mjs";

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Deployment {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [Container];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

interface KubernetesService {
  readonly spec: { readonly selector: Readonly<Record<string, string>>; readonly ports: readonly { readonly targetPort: string }[] };
}

function fileOf(name: string): string {
  return readFileSync(join(repository, "docs", "operations", name), "utf8");
}

/** The options that `bentoml serve` says it has. */
async function serveOptions(): Promise<readonly string[]> {
  let help = "";
  const write = (text: string): void => void (help += text);
  expect(await runCli(["serve", "--help"], { stdout: { write }, stderr: { write } })).toBe(0);
  return [...help.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option = ""]) => option);
}

function optionsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][\w-]+/g)].map(([option]) => option);
}

/** The number that an option is given, in seconds. */
function secondsOf(text: string, option: string): number {
  return Number(new RegExp(`${option}[= ](\\d+)`).exec(text)?.[1]) / 1000;
}

describe("the manifest for Kubernetes", () => {
  const documents = parseAllDocuments(fileOf("kubernetes.yaml"));
  const [deployment, service] = documents.map((document): unknown => document.toJSON()) as [Deployment, KubernetesService];
  const pod = deployment.spec.template;
  const [container] = pod.spec.containers;

  it("is YAML without faults, of three objects", () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    expect(documents.map((document) => (document.toJSON() as { kind: string }).kind)).toEqual(["Deployment", "Service", "PodDisruptionBudget"]);
  });

  it("selects the pods that it makes, and mounts what it has", () => {
    expect(pod.metadata.labels).toMatchObject(deployment.spec.selector.matchLabels);
    expect(pod.metadata.labels).toMatchObject(service.spec.selector);
    expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(pod.spec.volumes.map(({ name }) => name).sort());
    const tokenFile = /--token-file=(.*)\/token/.exec(container.args.join("\n"))?.[1];
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toContain(tokenFile);
  });

  it("probes the port that the server listens on", () => {
    const [port] = container.ports;
    expect(container.args).toContain(`--port=${String(port?.containerPort)}`);
    for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) expect(httpGet.port).toBe(port?.name);
    expect(service.spec.ports.map(({ targetPort }) => targetPort)).toEqual([port?.name]);
  });

  it("probes routes that the server has", async () => {
    await using server = new ModelServer({ service: new Service("empty") });
    const { url } = await server.listen({ port: 0 });
    for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      expect((await fetch(new URL(httpGet.path, url))).status, httpGet.path).toBe(200);
    }
    expect((await fetch(new URL("/no-such-route", url))).status).toBe(404);
  });

  it("gives a pod longer to end than preStop and the server take together", () => {
    const [command, seconds] = container.lifecycle.preStop.exec.command;
    expect(command).toBe("sleep");
    const graceful = secondsOf(container.args.join(" "), "--graceful-timeout-ms");
    expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(seconds) + graceful);
  });

  it("gives options that the command has", async () => {
    expect(container.args[0]).toBe("serve");
    const known = await serveOptions();
    expect(optionsIn(container.args.join("\n")).filter((option) => !known.includes(option))).toEqual([]);
  });
});

describe("the Dockerfile", () => {
  const file = fileOf("Dockerfile");

  it("starts the command with options that it has, as a user that is not root", async () => {
    const [, command = "[]"] = /^CMD (.*)$/m.exec(file) ?? [];
    const words = JSON.parse(command) as string[];
    const known = await serveOptions();
    expect(words[0]).toBe("serve");
    expect(words.filter((word) => word.startsWith("--") && !known.includes(word))).toEqual([]);
    expect(file).toMatch(/^USER node$/m);
    expect(file.indexOf("USER node")).toBeLessThan(file.indexOf("ENTRYPOINT"));
  });

  it("copies what an earlier step has made", () => {
    const stages = [...file.matchAll(/^FROM \S+ AS (\w+)$/gm)].map(([, stage]) => stage);
    expect([...file.matchAll(/--from=(\w+)/g)].filter(([, stage]) => !stages.includes(stage))).toEqual([]);
  });
});

describe("the unit of systemd", () => {
  const [, command = ""] = /^ExecStart=(.*)$/m.exec(fileOf("bentoml.service")) ?? [];

  it("starts the command with options that it has", async () => {
    expect(command).toMatch(/^\/\S+\/node_modules\/\.bin\/bentoml serve /);
    const known = await serveOptions();
    expect(optionsIn(command).filter((option) => !known.includes(option))).toEqual([]);
  });

  it("waits longer than the server takes to end", () => {
    const [, stop] = /^TimeoutStopSec=(\d+)$/m.exec(fileOf("bentoml.service")) ?? [];
    expect(Number(stop)).toBeGreaterThan(secondsOf(command, "--graceful-timeout-ms"));
  });
});

describe("the rules for Prometheus", () => {
  const { groups } = parse(fileOf("alerts.yaml")) as { groups: readonly { rules: readonly { alert: string; expr: string; annotations: { summary: string } }[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  // This page is held to what a server answers by a test of bentoml-server.
  const page = readFileSync(join(repository, "docs", "observability.md"), "utf8");
  const labels = labelsByMetric(page);

  it.each(rules)("$alert asks for metrics and labels that there are", ({ expr, annotations }) => {
    const metrics = (expr.match(/\b(?:bentoml|process|nodejs)_\w+/g) ?? []).map((name) => name.replace(/_(?:bucket|sum|count)$/, ""));
    expect(metrics.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    const ofPrometheus = ["job", "instance", "le"];
    const known = [...ofPrometheus, ...metrics.flatMap((name) => labels.get(name) ?? [])];
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(/,\s*/));
    const matched = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = ""]) => [...list.matchAll(/(\w+)(?:=~|!~|!=|=)/g)].map(([, label = ""]) => label));
    const shown = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label);
    expect([...grouped, ...matched, ...shown].filter((label) => !known.includes(label))).toEqual([]);
    // What is said must survive the grouping.
    if (grouped.length > 0) expect(shown.filter((label) => !grouped.includes(label))).toEqual([]);
  });

  it("are told, each with a cure, on the page", () => {
    const told = [...fileOf("README.md").matchAll(/^\| `(BentoML\w+)` \|/gm)].map(([, name]) => name);
    expect(told).toEqual(rules.map(({ alert }) => alert));
  });
});

/** The labels of each metric in the page's table; "the same" repeats those of the row before. */
function labelsByMetric(page: string): ReadonlyMap<string, readonly string[]> {
  const byMetric = new Map<string, readonly string[]>();
  let before: readonly string[] = [];
  for (const [, name = "", given = ""] of page.matchAll(/^\| `(bentoml_\w+)` \| \w+ \| ([^|]*)\|/gm)) {
    before = given.includes("the same") ? before : [...given.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label);
    byMetric.set(name, before);
  }
  return byMetric;
}
