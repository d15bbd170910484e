import { rmdirSync } from "node:fs";
import type { Socket } from "node:net";
import { processContext } from "../cli-context.js";
import { errorDetails, errorLine } from "../error-line.js";
import { warningLine } from "../warning-line.js";
import type { Assignment, ToProcess } from "../supervision/messages.js";
import { ApiPart } from "./api-part.js";
import { needsTranspiler } from "../services/typescript-faults.js";
import { ParentLine } from "./parent-line.js";
import type { ProcessPart } from "./process-part.js";
import { RunnerPart } from "./runner-part.js";

/** How long a process may finish what it has when its supervisor is gone, ms: nobody can reach it any more. */
const ORPHAN_GRACE_MS = 100;
/** How long its end may take then, ms. */
const ORPHAN_END_MS = 1_000;

/** Runs this process for its supervisor: it is assigned its part, does it, and ends when it is told to, or left alone. */
export function serveForSupervisor(): void {
  let part: ProcessPart | undefined;
  let folder = "";
  const line = new ParentLine(
    (message, socket) => {
      if (message.type === "assign") {
        folder = message.assignment.folder;
        part = partOf(message.assignment, line);
        void begin(part, line);
      } else if (part !== undefined) void obey(part, message, socket, line);
    },
    () => void endAlone(part, folder),
  );
  process.removeAllListeners("warning");
  process.on("warning", (warning) => line.send({ type: "warning", text: warningLine(warning, process.stderr) }));
}

function partOf(assignment: Assignment, line: ParentLine): ProcessPart {
  const context = processContext();
  // What ps shows.
  process.title = assignment.role === "api" ? "bentoml api" : `bentoml runner ${assignment.runnerName}`;
  return assignment.role === "api" ? new ApiPart(assignment, line, context) : new RunnerPart(assignment, line, context);
}

async function begin(part: ProcessPart, line: ParentLine): Promise<void> {
  try {
    await part.start();
  } catch (error) {
    await line.sent({ type: "failed", message: errorLine(error), details: errorDetails(error), needsTranspiler: needsTranspiler(error) });
    process.exit(1);
  }
}

async function obey(part: ProcessPart, message: ToProcess, socket: Socket | undefined, line: ParentLine): Promise<void> {
  if (message.type === "connection") {
    line.send({ type: "taken" });
    // Not there when the client has gone away on the way here.
    if (socket !== undefined) part.takeConnection(socket);
  } else if (message.type === "tell") {
    const counted = await part.counted(message.kind);
    if (counted !== undefined) line.send({ type: "told", id: message.id, counted });
  } else if (message.type === "others") part.hear(message);
  else if (message.type === "leave") part.leave();
  else if (message.type === "stop" || message.type === "retire") {
    await (message.type === "stop" ? part.stop(message.graceMs) : part.retire(message.graceMs));
    process.exit(0);
  }
}

/** The supervisor is gone, perhaps killed: this process ends, and the last one takes the folder of the sockets with it. */
async function endAlone(part: ProcessPart | undefined, folder: string): Promise<void> {
  const leave = (): void => {
    removeIfEmpty(folder);
    process.exit(1);
  };
  setTimeout(leave, ORPHAN_END_MS);
  await part?.stop(ORPHAN_GRACE_MS).catch(() => undefined);
  leave();
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others still have their sockets in it.
  }
}
