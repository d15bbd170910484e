import type { FastifyReply, FastifyRequest } from "fastify";
import type { AccessControl } from "../http/access-control.js";
import { readRequestHead } from "../http/request-head.js";
import type { Endpoint } from "../http/request-pipeline.js";
import type { ModelDirectory } from "../model-directory.js";
import type { Readiness } from "../readiness.js";
import type { RouteTable } from "../routes/route-table.js";
import type { LiveView } from "./live-view.js";
import { PageFiles, type PageFile } from "./page-files.js";
import { summarise } from "./summary.js";

/** Where the page is, and what its charts are drawn from. */
export const pagePatterns = { page: "/", file: "/page/:file", summary: "/page/summary", live: "/page/live" } as const;

/** Endpoints that are open to those who bring no secret: the page itself holds nothing of the server's, and asks people for theirs. */
export const openPagePatterns: readonly string[] = ["/", "/page/{file}"];

/** Endpoints that the page asks again and again. They are answered under load, when people want to see the charts, and they are in no log. */
export const pageDataPatterns: readonly string[] = [pagePatterns.summary, pagePatterns.live];

/** Whether a request is one that the page's charts are about. */
export function isNoPageRequest({ metrics: { endpoint }, isAlwaysAnswered }: Endpoint): boolean {
  return !isAlwaysAnswered && endpoint !== "/" && !endpoint.startsWith("/page/");
}

/** What the page's routes are made of. */
export interface PageSetting {
  readonly models: ModelDirectory;
  readonly readiness: Readiness;
  readonly live: LiveView;
  /** Undefined: everybody may call. */
  readonly access: AccessControl | undefined;
  /** Path of the OpenAPI document of the service, where there is one. */
  readonly apis: string | undefined;
  readonly files?: PageFiles;
}

/**
 * Scripts, styles and pictures come from this server and nowhere else, nothing is inline, and what the page sends goes to this server only.
 * `blob:` and `data:` are pictures that somebody drops on the page.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** The page for people at `/`, its files, and its data. To programs that ask for no HTML, `/` is the summary as JSON. */
export function addPageRoutes(routes: RouteTable, { models, readiness, live, access, apis, files = new PageFiles() }: PageSetting): void {
  const summary = (reply: FastifyReply): Promise<unknown> => {
    reply.header("Cache-Control", "no-store");
    return summarise(models, readiness, apis);
  };
  routes.get(pagePatterns.page, async (request, reply) => {
    reply.header("Vary", "Accept");
    if (asksForHtml(request)) return sendFile(await files.get("index.html"), request, reply);
    const refusal = access?.refusal(readRequestHead(request.raw.rawHeaders), false, reply.raw);
    if (refusal !== undefined) throw refusal;
    return summary(reply);
  });
  routes.get(pagePatterns.summary, (_request, reply) => summary(reply));
  routes.get(pagePatterns.live, (_request, reply) => {
    reply.header("Cache-Control", "no-store");
    return live.read();
  });
  routes.get(pagePatterns.file, async (request, reply) => sendFile(await files.get((request.params as { file: string }).file), request, reply));
}

/** Browsers name HTML when they open a page; curl and fetch take whatever comes. */
function asksForHtml({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes("text/html") === true;
}

function sendFile({ type, etag, bytes }: PageFile, request: FastifyRequest, reply: FastifyReply): unknown {
  reply.headers({
    ETag: etag,
    // Asked again each time, and answered in a few bytes: a new server's page must not meet an old server's script.
    "Cache-Control": "no-cache",
    "Content-Security-Policy": contentSecurityPolicy,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
  });
  if (request.headers["if-none-match"]?.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === etag) === true) {
    return reply.code(304).send();
  }
  reply.type(type);
  return bytes;
}
