import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.js";
import { GuardedProcess } from "./guarded-process.js";
import { pythonEnvironment } from "./python-environment.js";

/** Servers of the Open Inference Protocol that are written in Python. */
const servers = {
  mlserver: { packages: ["mlserver==1.7.1"], script: "serve_mlserver.py", ports: 2, written: "Uvicorn running" },
  kserve: { packages: ["kserve==0.21.0"], script: "serve_kserve.py", ports: 1, written: "Uvicorn running" },
} as const;

export interface StartedPythonServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Installs a server once, and starts it with its models on the loopback interface. */
export async function startPythonServer(name: keyof typeof servers): Promise<StartedPythonServer> {
  const { packages, script, ports, written } = servers[name];
  const { python } = await pythonEnvironment(packages.join("-"), packages);
  const free = await Promise.all(Array.from({ length: ports }, () => freePort()));
  const url = `http://127.0.0.1:${String(free[0])}`;
  const server = new GuardedProcess([python, fileURLToPath(new URL(`../python/${script}`, import.meta.url)), ...free.map(String)], process.env);
  try {
    await server.untilReady(`${url}/v2/health/ready`, written);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url, stop: () => server.stop() };
}
