/**
 * Starts a real Triton from its Python package and has the client and the runners of what is built use it. Needs Linux on x86-64,
 * `python3` with `venv`, and the shared library of that Python.
 *
 *     node tools/ci/triton.mjs
 */
import { StepReport } from "./src/step-report.mjs";
import { runVitest } from "./src/vitest-step.mjs";

const report = new StepReport();
await report.step("a real Triton", () => runVitest("vitest.slow.config.ts", ["tools/triton/src"]));
report.end();
