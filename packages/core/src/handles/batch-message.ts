import type { TraceContext } from "../calls/index.js";
import type { Clock } from "../clock/index.js";
import type { Job, RowBlock } from "../workers/index.js";
import type { PoolBatch, StagedPart } from "./pool-call.js";

/** What a worker needs to run the batch: where the rows of its calls lie, in order, and the payloads by slot. */
export function batchMessage(batch: PoolBatch, clock: Clock): Pick<Job, "message" | "blocks" | "describeLayout"> {
  const parts = batch.calls.map((call) => call.input);
  const { layout } = (parts[0] as StagedPart).staged;
  const blocks = new Set<RowBlock>();
  const requestIds: string[] = [];
  const traceContexts: TraceContext[] = [];
  for (const call of batch.calls) {
    if (call.input.staged.block !== undefined) blocks.add(call.input.staged.block);
    if (call.requestId !== undefined) requestIds.push(call.requestId);
    if (call.traceContext !== undefined) traceContexts.push(call.traceContext);
  }
  return {
    message: {
      method: (parts[0] as StagedPart).method.name,
      items: parts.reduce((rows, part) => rows + part.rows, 0),
      layout: layout.id,
      segments: segmentsOf(parts),
      payloads: payloadsOf(parts),
      requestIds,
      traceContexts,
      deadline: commonDeadline(parts, clock),
    },
    blocks: [...blocks],
    describeLayout: () => layout.description,
  };
}

/** Runs of rows that lie one after the other in a block become one segment: mostly there is a single one. */
function segmentsOf(parts: readonly StagedPart[]): number[] {
  const segments: number[] = [];
  let lastBlock: RowBlock | undefined;
  let lastEnd = -1;
  for (const { staged, firstRow, rows } of parts) {
    if (staged.block === undefined || rows === 0) continue;
    if (staged.block === lastBlock && firstRow === lastEnd) {
      segments[segments.length - 1] = (segments.at(-1) as number) + rows;
    } else {
      segments.push(staged.block.id, firstRow, rows);
      lastBlock = staged.block;
    }
    lastEnd = firstRow + rows;
  }
  return segments;
}

function payloadsOf(parts: readonly StagedPart[]): StagedPart["payloads"][] {
  const slots = (parts[0] as StagedPart).payloads.length;
  return Array.from({ length: slots }, (_, slot) => parts.map((part) => part.payloads[slot] as StagedPart["payloads"][number]));
}

/** When the last of the callers gives up, in wall-clock time: a worker's own clock has another origin. */
function commonDeadline(parts: readonly StagedPart[], clock: Clock): number | undefined {
  let latest = 0;
  for (const { givesUpAt } of parts) latest = Math.max(latest, givesUpAt);
  return latest === Infinity ? undefined : clock.wallTime() + latest - clock.now();
}
