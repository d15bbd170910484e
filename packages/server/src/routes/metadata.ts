import { datatypeOf, type TensorSpec } from "bentoml-core";
import type { FastifyReply } from "fastify";
import type { ModelDirectory } from "../model-directory.js";
import type { Readiness } from "../readiness.js";
import type { ServedModel } from "../served-model.js";
import { serverVersion } from "../server-version.js";
import { modelPatterns, paramsOf } from "./model-params.js";
import type { RouteTable } from "./route-table.js";

/** Metadata of the server and of its models, and whether a model is ready. */
export function addMetadataRoutes(routes: RouteTable, models: ModelDirectory, readiness: Readiness, extensions: readonly string[]): void {
  for (const pattern of ["/v2", "/v2/"]) {
    routes.get(pattern, () => ({ name: "bentoml", version: serverVersion(), extensions }));
  }
  for (const pattern of modelPatterns) {
    routes.get(pattern, (request) => {
      const { model, version } = paramsOf(request);
      return describeModel(models.get(model, version), version === undefined ? models.versionsOf(model) : [version]);
    });
    routes.get(`${pattern}/ready`, (request, reply) => {
      const { model, version } = paramsOf(request);
      return describeReadiness(models.get(model, version), readiness, reply);
    });
    // POST never comes here: the fast route answers it.
    for (const action of ["infer", "generate", "generate_stream"]) routes.refuseOtherMethods(`${pattern}/${action}`, ["POST"]);
  }
}

function describeModel(model: ServedModel, versions: readonly string[]): unknown {
  return {
    name: model.name,
    versions,
    platform: model.platform,
    inputs: model.inputs.map(describeTensor),
    outputs: model.outputs.map(describeTensor),
  };
}

/** Open dimensions are -1 in the protocol, whether they have a name or not. */
function describeTensor({ name, dtype, shape }: TensorSpec): unknown {
  return { name, datatype: datatypeOf[dtype], shape: shape.map((length) => (typeof length === "number" ? length : -1)) };
}

async function describeReadiness(model: ServedModel, readiness: Readiness, reply: FastifyReply): Promise<unknown> {
  const reason = await readiness.whyNot([model]);
  if (reason === undefined) return { name: model.name, ready: true };
  reply.code(503);
  return { name: model.name, ready: false, error: reason };
}
