import { expect, test } from "vitest";
import { CliWorkshop } from "../echo-adapter.fixture.js";

/** An adapter whose models are measured in two settings; it answers with what it was asked for. */
const adapterSource = `
export const get = () => undefined;
export async function calibrate(tag, { store, workers, maxBatchSize, configuration }) {
  const { batching } = configuration.runner(tag.name);
  return {
    batchSize: maxBatchSize ?? batching.maxBatchSize,
    settings: [
      { name: "1 thread", singleMs: 0.25, ...(maxBatchSize === 1 ? {} : { fullBatchMs: 1.5 }), chosen: true },
      { name: (workers ?? 0) + " workers", singleMs: 12, ...(maxBatchSize === 1 ? {} : { fullBatchMs: 1 }), chosen: store.get(tag).tag.version !== "v1" },
    ],
  };
}
`;

test("shows the times of every setting, and which was chosen", async () => {
  using workshop = new CliWorkshop();
  workshop.installAdapter("bentoml-measured", adapterSource);
  await workshop.save("m:v1", { module: "bentoml.measured" });
  const { code, stdout, stderr } = await workshop.run(["calibrate", "m", "--workers", "3"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(
    "m:v1 on this machine, milliseconds:\n" +
      "Setting    One call  Batch of 100\n" +
      "1 thread      0.250         1.500  chosen\n" +
      "3 workers    12.000         1.000\n",
  );
});

test("leaves batches out where calls are not joined", async () => {
  using workshop = new CliWorkshop();
  workshop.installAdapter("bentoml-measured", adapterSource);
  await workshop.save("m:v1", { module: "bentoml.measured" });
  const { stdout } = await workshop.run(["calibrate", "m:v1", "--max-batch-size", "1"]);
  expect(stdout).toContain("Setting    One call\n1 thread      0.250  chosen\n");
});

test("says that an adapter has nothing to calibrate, or that there is no such model", async () => {
  using workshop = new CliWorkshop();
  await workshop.save("echo:v1");
  expect(await workshop.run(["calibrate", "echo"])).toMatchObject({ code: 1, stderr: expect.stringMatching(/echo:v1 has no settings to measure: .*"bentoml\.echo"/) as string });
  expect(await workshop.run(["calibrate", "gone"])).toMatchObject({ code: 1, stderr: expect.stringMatching(/gone/) as string });
});
