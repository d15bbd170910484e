import type { ModelDirectory } from "../model-directory.js";
import type { ServedModel } from "../served-model.js";
import { statisticsRow, type ModelStatistics } from "../statistics/model-statistics.js";
import type { StatisticsGatherer } from "../statistics/process-statistics.js";
import { modelPatterns, paramsOf } from "./model-params.js";
import type { RouteTable } from "./route-table.js";

/** The statistics extension: of one version, of all versions of a model, of all models. */
export function addStatisticsRoutes(routes: RouteTable, models: ModelDirectory, statistics: ModelStatistics, gather: StatisticsGatherer = async (own) => [own]): void {
  const answer = async (which: readonly ServedModel[]): Promise<unknown> => {
    const processes = await gather(statistics.counts);
    return { model_stats: which.map((model) => statisticsRow(model, processes)) };
  };
  routes.get("/v2/models/stats", () => answer(models.models));
  for (const pattern of modelPatterns) {
    routes.get(`${pattern}/stats`, (request) => {
      const { model, version } = paramsOf(request);
      const found = models.get(model, version);
      return answer(version === undefined ? models.models.filter(({ name }) => name === model) : [found]);
    });
  }
}
