import { expect, test } from "vitest";
import { batchCounts, meanBatchSize } from "./batch-metrics.js";

const metrics = `# TYPE bentoml_runner_adaptive_batch_size histogram
bentoml_runner_adaptive_batch_size_bucket{runner_name="digits",worker_index="0",le="+Inf"} 4
bentoml_runner_adaptive_batch_size_sum{runner_name="digits",worker_index="0"} 30
bentoml_runner_adaptive_batch_size_count{runner_name="digits",worker_index="0"} 4
bentoml_runner_adaptive_batch_size_sum{runner_name="digits",worker_index="1"} 12
bentoml_runner_adaptive_batch_size_count{runner_name="digits",worker_index="1"} 2
bentoml_runner_queue_wait_seconds_sum{runner_name="digits"} 7
`;

test("the counts are those of all workers", () => {
  expect(batchCounts(metrics)).toEqual({ batches: 6, items: 42 });
  expect(batchCounts("")).toEqual({ batches: 0, items: 0 });
});

test("the mean is that of the time between", () => {
  expect(meanBatchSize({ batches: 2, items: 2 }, { batches: 6, items: 42 })).toBe(10);
  expect(meanBatchSize({ batches: 6, items: 42 }, { batches: 6, items: 42 })).toBeNaN();
});
