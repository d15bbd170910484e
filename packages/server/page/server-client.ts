/** An answer that is no success: what the server says, and its status. */
export class ServerError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** A whole answer, and how long it took from the call to its last byte. */
export interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of the JSON part of an answer that has others too. */
  readonly jsonLength: number | undefined;
  readonly durationMs: number;
}

const TOKEN_KEY = "bentoml-token";

/** Calls the server that the page comes from. Asks for a token when the server wants one, and keeps it for this tab. */
export class ServerClient {
  readonly #askForToken: (isWrong: boolean) => Promise<string>;
  #asking: Promise<string> | undefined;

  constructor(askForToken: (isWrong: boolean) => Promise<string>) {
    this.#askForToken = askForToken;
  }

  /** Whether the server has wanted a token. */
  get hasToken(): boolean {
    return this.#token !== undefined;
  }

  /** The address of one of the server's paths, also where the page lies under a prefix. */
  urlOf(path: string): string {
    return new URL(path.replace(/^\/+/, ""), new URL(".", location.href)).href;
  }

  /** A GET for JSON. Throws ServerError. */
  async json<Value>(path: string): Promise<Value> {
    const response = await this.fetch(path);
    if (!response.ok) throw await serverErrorOf(response);
    return (await response.json()) as Value;
  }

  /** Sends and reads to the end, whatever the status. Throws ServerError with status 0 when there is no server. */
  async send(path: string, request: RequestInit): Promise<Answer> {
    const startedAt = performance.now();
    const response = await this.fetch(path, request);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const jsonLength = response.headers.get("inference-header-content-length");
    return { status: response.status, bytes, jsonLength: jsonLength === null ? undefined : Number(jsonLength), durationMs: performance.now() - startedAt };
  }

  /** `fetch` with the token. */
  async fetch(path: string, request: RequestInit = {}): Promise<Response> {
    const token = this.#token;
    const headers = new Headers(request.headers);
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    const response = await fetch(this.urlOf(path), { ...request, headers }).catch((cause: unknown) => {
      if (request.signal?.aborted === true) throw cause;
      throw new ServerError("The server does not answer.", 0);
    });
    if (response.status !== 401) return response;
    // Another call may have asked in the meantime.
    if (token === this.#token) await this.#renewToken(token !== undefined);
    return this.fetch(path, request);
  }

  get #token(): string | undefined {
    return sessionStorage.getItem(TOKEN_KEY) ?? undefined;
  }

  async #renewToken(isWrong: boolean): Promise<void> {
    this.#asking ??= this.#askForToken(isWrong).finally(() => (this.#asking = undefined));
    sessionStorage.setItem(TOKEN_KEY, await this.#asking);
  }
}

async function serverErrorOf(response: Response): Promise<ServerError> {
  return new ServerError(errorMessage(await response.text()), response.status);
}

/** What a body that refuses says: `{"error": "..."}` in this server's answers. */
export function errorMessage(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string") return error;
  } catch {
    // Then it is text.
  }
  return text.slice(0, 500) || "The server gives no reason.";
}
