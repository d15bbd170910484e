/** An error that any API may answer with. */
interface ErrorAnswer {
  readonly status: number;
  /** Its name among the document's components. */
  readonly name: string;
  readonly description: string;
  readonly example: string;
  /** Whether `Retry-After` comes with it. */
  readonly saysWhenToRetry?: boolean;
}

const errorAnswers: readonly ErrorAnswer[] = [
  { status: 400, name: "BadRequest", description: "The body is not what the API takes; the message says what was expected.", example: "the body does not fit: value.size: expected a number" },
  { status: 413, name: "BodyTooLarge", description: "The body is larger than the server takes.", example: "the body is larger than the 134217728 bytes that this server takes" },
  { status: 415, name: "UnsupportedMediaType", description: "The Content-Type or Content-Encoding is not read here.", example: 'the Content-Type "text/csv" is not read here: send application/json' },
  { status: 429, name: "TooManyRequests", description: "The server is answering as many requests as it may.", example: "the server is answering 10000 requests, which is its limit: try again", saysWhenToRetry: true },
  { status: 500, name: "ServerError", description: "The server failed; its log says why.", example: "the server failed on this request; its log says why" },
  { status: 503, name: "Unavailable", description: "The server is busy, starting or closing.", example: "the runner's queue is full: try again", saysWhenToRetry: true },
  { status: 504, name: "Timeout", description: "The call was not answered in its time.", example: "the call was not answered within 60000 ms" },
];

/** Where a secret is asked for. */
const unauthorized: ErrorAnswer = { status: 401, name: "Unauthorized", description: "The secret is missing or wrong.", example: "this server wants a token: send the header Authorization: Bearer <token>" };

/** References to the answers of every API, by status. */
export function errorReferences(asksForSecret: boolean): Record<string, unknown> {
  return Object.fromEntries(answersOf(asksForSecret).map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]));
}

function answersOf(asksForSecret: boolean): readonly ErrorAnswer[] {
  return asksForSecret ? [unauthorized, ...errorAnswers] : errorAnswers;
}

/** The schema of errors, and the answers that have it. */
export function errorComponents(asksForSecret: boolean): { readonly schemas: Record<string, unknown>; readonly responses: Record<string, unknown> } {
  return {
    schemas: { Error: { type: "object", required: ["error"], properties: { error: { type: "string" } } } },
    responses: Object.fromEntries(answersOf(asksForSecret).map((answer) => [answer.name, errorResponse(answer)])),
  };
}

function errorResponse({ description, example, saysWhenToRetry }: ErrorAnswer): unknown {
  return {
    description,
    ...(saysWhenToRetry === true ? { headers: { "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", minimum: 1 } } } } : {}),
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" }, example: { error: example } } },
  };
}
