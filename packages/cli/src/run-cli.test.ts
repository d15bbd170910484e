import { expect, test } from "vitest";
import { CliWorkshop } from "./echo-adapter.fixture.js";

test("--version is that of the package", async () => {
  using workshop = new CliWorkshop();
  expect(await workshop.run(["--version"])).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/) as string, stderr: "" });
});

test("--help shows the commands and examples on stdout", async () => {
  using workshop = new CliWorkshop();
  const { code, stdout, stderr } = await workshop.run(["--help"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  for (const text of ["serve [options] [target...]", "models", "types", "Examples:", "--store <folder>"]) expect(stdout).toContain(text);
});

test("no command at all shows the help on stderr and fails", async () => {
  using workshop = new CliWorkshop();
  const { code, stdout, stderr } = await workshop.run([]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("Usage: bentoml");
});

test("an unknown command fails with what was meant", async () => {
  using workshop = new CliWorkshop();
  expect(await workshop.run(["sreve"])).toEqual({ code: 1, stdout: "", stderr: "error: unknown command 'sreve' (Did you mean serve?)\n" });
});

test("colours are for terminals whose user wants them", async () => {
  using workshop = new CliWorkshop();
  const run = async (environment: Record<string, string>): Promise<string> => {
    let text = "";
    await workshop.run(["sreve"], { stderr: { isTTY: true, write: (part) => (text += part) }, environment });
    return text;
  };
  expect(await run({})).toContain("\u001b[31m");
  expect(await run({ NO_COLOR: "1" })).not.toContain("\u001b");
});
