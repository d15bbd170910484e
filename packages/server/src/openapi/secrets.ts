/** How a server takes secrets, either of the two. */
export const securitySchemes = {
  token: { type: "http", scheme: "bearer" },
  apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
} as const;

/** What an operation needs where a secret is asked for. */
export const SECRETS: readonly Readonly<Record<string, readonly string[]>>[] = Object.keys(securitySchemes).map((name) => ({ [name]: [] }));
