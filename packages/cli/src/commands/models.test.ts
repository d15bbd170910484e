import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CliWorkshop } from "../echo-adapter.fixture.js";

let workshop: CliWorkshop;

beforeEach(() => {
  workshop = new CliWorkshop();
});

afterEach(() => {
  workshop[Symbol.dispose]();
});

async function output(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await workshop.run(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout;
}

describe("models list", () => {
  test("shows a table, newest first", async () => {
    await workshop.save("old:v1");
    await workshop.save("new:v1", { module: "bentoml.echo" });
    const [header, ...rows] = (await output("models", "list")).trimEnd().split("\n");
    expect(header).toMatch(/^Tag {5}Module {8} *Size {2}Creation Time$/);
    expect(rows.map((row) => row.split(/\s+/)[0])).toEqual(["new:v1", "old:v1"]);
    expect(rows[0]).toMatch(/^new:v1 {2}bentoml\.echo {2}\d\.\d\d KiB {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  test("shows one name only, as JSON and as YAML", async () => {
    await workshop.save("a:v1");
    await workshop.save("b:v1");
    const json = JSON.parse(await output("models", "list", "b", "-o", "json")) as unknown[];
    expect(json).toEqual([
      { tag: "b:v1", module: "bentoml.echo", size: expect.stringMatching(/KiB$/) as string, creation_time: expect.any(String) as string },
    ]);
    expect(await output("models", "list", "b", "-o", "yaml")).toMatch(/^- tag: "b:v1"\n {2}module: "bentoml\.echo"\n {2}size: .*\n {2}creation_time: ".*"\n$/);
  });

  test("of an empty store is empty", async () => {
    expect(await output("models", "list")).toBe("Tag  Module  Size  Creation Time\n");
    expect(await output("models", "list", "-o", "json")).toBe("[]\n");
    expect(await output("models", "list", "-o", "yaml")).toBe("[]\n");
  });

  test("does not pass on escape sequences of a model.yaml", async () => {
    await workshop.save("evil", { module: "\u001b[2Jgone" });
    expect(await output("models", "list")).toContain("\\x1b[2Jgone");
  });
});

describe("models get", () => {
  test("prints the model.yaml, the folder, or JSON with the file's keys", async () => {
    const model = await workshop.save("echo:v1", { labels: { stage: "dev" } });
    expect(await output("models", "get", "echo")).toContain("module: bentoml.echo\n");
    expect(await output("models", "get", "echo:latest", "-o", "path")).toBe(`${model.path}\n`);
    expect(JSON.parse(await output("models", "get", "echo:v1", "-o", "json"))).toMatchObject({
      name: "echo",
      version: "v1",
      labels: { stage: "dev" },
      context: { framework_name: "echo", python_version: "" },
      signatures: { run: { batchable: true, batch_dim: [0, 0], input_spec: [{ name: "x" }] } },
      creation_time: model.info.creationTimeText,
    });
  });
});

describe("models export and import", () => {
  test("carry a model to another store", async () => {
    await workshop.save("echo:v1");
    expect(await output("models", "export", "echo:latest", "out.bentomodel")).toBe(
      `Exported echo:v1 to ${join(workshop.folder, "out.bentomodel")}\n`,
    );
    const other = join(workshop.folder, "other");
    expect(await output("--store", other, "models", "import", "out.bentomodel")).toBe("Imported echo:v1\n");
    expect(await output("--store", other, "models", "get", "echo", "-o", "path")).toContain(other);
  });

  test("write into the working folder when no path is given", async () => {
    await workshop.save("echo:v1");
    await output("models", "export", "echo");
    expect(existsSync(join(workshop.folder, "echo-v1.bentomodel"))).toBe(true);
  });

  test("use the format and the folder that are given", async () => {
    await workshop.save("echo:v1");
    expect(await output("models", "export", "echo", "out/", "--format", "tar.gz")).toBe(
      `Exported echo:v1 to ${join(workshop.folder, "out", "echo-v1.tar.gz")}\n`,
    );
    await output("models", "export", "echo", "out", "--format", "folder");
    const other = join(workshop.folder, "other");
    expect(await output("--store", other, "models", "import", "out/echo-v1")).toBe("Imported echo:v1\n");
  });

  test("have a file without a name saved by its adapter", async () => {
    workshop.installAdapter("bentoml-onnx");
    writeFileSync(join(workshop.folder, "net.onnx"), "");
    expect(await output("models", "import", "net.onnx", "--name", "net:v7")).toBe("Imported net:v7\n");
  });

  test.each(["web/model.json", "web", "saved"])("have the TensorFlow model %s saved by its adapter", async (path) => {
    workshop.installAdapter("bentoml-tfjs");
    for (const file of ["web/model.json", "saved/saved_model.pb"]) {
      mkdirSync(dirname(join(workshop.folder, file)), { recursive: true });
      writeFileSync(join(workshop.folder, file), "");
    }
    expect(await output("models", "import", path, "--name", "net:v7")).toBe("Imported net:v7\n");
  });

  test("say that a file is of no known kind", async () => {
    writeFileSync(join(workshop.folder, "notes.json"), "{}");
    const { code, stderr } = await workshop.run(["models", "import", "notes.json", "--name", "x"]);
    expect(code).toBe(1);
    expect(stderr).toContain("--name is for an .onnx file, a model.json of TensorFlow.js");
  });

  test.each([
    [["net.onnx"], 'says nothing about its name: give it one, such as "--name digits".'],
    [["echo.bentomodel", "--name", "x"], 'leave out "--name x".'],
    [["missing.bentomodel"], "missing.bentomodel"],
    [["s3://bucket/echo.bentomodel"], "s3://bucket/echo.bentomodel is an address"],
  ])("refuse %j", async (argv, expected) => {
    const { code, stderr } = await workshop.run(["models", "import", ...argv]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(expected);
  });
});

describe("models alias", () => {
  beforeEach(async () => {
    for (const tag of ["a:v1", "a:v2", "b:v1"]) await workshop.save(tag);
  });

  test("sets, moves, lists and removes aliases", async () => {
    expect(await output("models", "alias", "a:production", "a:v1")).toBe("a:production is a:v1\n");
    expect(await output("models", "alias", "b:staging", "b")).toBe("b:staging is b:v1\n");
    expect(await output("models", "get", "a:production")).toContain("version: v1\n");
    expect(await output("models", "alias", "a:production", "a:latest")).toBe("a:production is a:v2\n");
    expect(await output("models", "alias")).toBe("Alias         Tag\na:production  a:v2\nb:staging     b:v1\n");
    expect(await output("models", "alias", "--remove", "a:production")).toBe("Removed a:production\n");
    expect(await output("models", "alias")).toBe("Alias      Tag\nb:staging  b:v1\n");
  });

  test.each([
    [["a:production"], "Give the tag that a:production is to stand for"],
    [["a:production", "a:v9"], "a:v9 is not in the store"],
    [["a:production", "b:v1"], "cannot be an alias of b:v1"],
    [["--remove"], "Give the one alias to remove"],
    [["--remove", "a:production", "a:v1"], "Give the one alias to remove"],
    [["--remove", "a:production"], "a:production is no alias"],
  ])("refuses %j", async (argv, expected) => {
    const { code, stderr } = await workshop.run(["models", "alias", ...argv]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(expected);
  });

  test("is no way to delete a model", async () => {
    await output("models", "alias", "a:production", "a:v1");
    const { code, stderr } = await workshop.run(["models", "delete", "a:production", "-y"]);
    expect(code).toBe(1);
    expect(stderr).toContain("To delete a:v1, write its tag in full.");
  });
});

describe("models delete", () => {
  beforeEach(async () => {
    for (const tag of ["a:v1", "a:v2", "b:v1", "c:v1"]) await workshop.save(tag);
  });

  function left(): string[] {
    return workshop.store.list().map(({ tag }) => tag.toString());
  }

  test("takes tags and names, with blanks or commas between them", async () => {
    expect(await output("models", "delete", "a, b:v1", "b:latest", "-y")).toBe("Deleted a:v1\nDeleted a:v2\nDeleted b:v1\n");
    expect(left()).toEqual(["c:v1"]);
  });

  test("asks, and does nothing without a yes", async () => {
    const questions: string[] = [];
    const answering = (answer: string) => (question: string) => {
      questions.push(question);
      return Promise.resolve(answer);
    };
    const refused = await workshop.run(["models", "delete", "a"], { ask: answering("") });
    expect(refused).toMatchObject({ code: 0, stdout: "  a:v1\n  a:v2\nNothing was deleted.\n" });
    expect(left()).toHaveLength(4);
    const confirmed = await workshop.run(["models", "delete", "c"], { ask: answering("Yes") });
    expect(confirmed.stdout).toBe("  c:v1\nDeleted c:v1\n");
    expect(left()).not.toContain("c:v1");
    expect(questions).toEqual(["Delete 2 models? [y/N] ", "Delete 1 model? [y/N] "]);
  });

  test.each([
    [["a"], "Nobody is at the terminal to confirm that 2 models may be deleted: say so with --yes."],
    [["a:v1", "gone", "-y"], "gone is not in the store"],
    [["a:v", "-y"], "begin with"],
    [["b:v", "-y"], "To delete b:v1, write its tag in full."],
  ])("deletes nothing for %j", async (argv, expected) => {
    const { code, stderr } = await workshop.run(["models", "delete", ...argv]);
    expect(code).toBe(1);
    expect(stderr).toContain(expected);
    expect(left()).toHaveLength(4);
  });

  test("gets rid of a model that cannot be read", async () => {
    writeFileSync(workshop.store.get("b:v1").pathOf("model.yaml"), "- broken");
    expect(await output("models", "delete", "b:v1", "-y")).toBe("Deleted b:v1\n");
    expect(left()).toEqual(["a:v1", "a:v2", "c:v1"]);
  });
});
