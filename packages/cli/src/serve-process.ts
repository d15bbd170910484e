/** Entry of a process that `bentoml serve` starts to serve. */
import { serveForSupervisor } from "./serving-process/serve-for-supervisor.js";

serveForSupervisor();
