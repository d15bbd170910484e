import { pointerPart, schemaAt, type DescribedBody } from "../io/index.js";
import type { Api } from "../service/index.js";
import { errorReferences } from "./error-answers.js";
import { SECRETS } from "./secrets.js";

export const API_TAG = "Service APIs";

/** The path item of an API. */
export function apiPathItem({ name, path, doc, input, output }: Api, service: string, asksForSecret: boolean): unknown {
  const pointer = `#/paths/${pointerPart(path)}/post`;
  return {
    post: {
      operationId: `${service}__${name}`,
      "x-bentoml-name": name,
      tags: [API_TAG],
      summary: `${name}(${input.kind}) → ${output.kind}`,
      ...(doc === undefined ? {} : { description: doc }),
      ...(asksForSecret ? { security: SECRETS } : {}),
      requestBody: { required: true, content: contentAt(input.requestBody, `${pointer}/requestBody/content`) },
      responses: {
        200: { description: "The result.", content: contentAt(output.responseBody, `${pointer}/responses/200/content`) },
        ...errorReferences(asksForSecret),
      },
    },
  };
}

function contentAt(body: DescribedBody, pointer: string): unknown {
  return Object.fromEntries(
    Object.entries(body).map(([mediaType, { schema, ...rest }]) => [mediaType, { schema: schemaAt(schema, `${pointer}/${pointerPart(mediaType)}/schema`), ...rest }]),
  );
}
