import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isBentoMLError } from "bentoml-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TritonTls } from "./client-options.js";
import { TritonClient } from "./triton-client.js";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

describe.runIf(hasOpenssl)("TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "bentoml-triton-tls-"));
  let server: Server;
  let url: string;
  let cert: string;

  beforeAll(async () => {
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=triton"];
    spawnSync("openssl", [...request, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"], { cwd: folder });
    cert = readFileSync(join(folder, "cert.pem"), "utf8");
    server = createServer({ cert, key: readFileSync(join(folder, "key.pem")) }, (_request, response) => response.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function live(tls: TritonTls): Promise<boolean | string> {
    const client = new TritonClient(url, { tls, retries: 0 });
    const answer = await client.isServerLive().catch((error: unknown) => (isBentoMLError(error) ? error.code : String(error)));
    await client.close();
    return answer;
  }

  test("a certificate of an authority that is named, of one that is not, and any", async () => {
    expect(await live({ ca: cert })).toBe(true);
    expect(await live({})).toBe("SERVER_UNREACHABLE");
    expect(await live({ rejectUnauthorized: false })).toBe(true);
    expect(await live({ ca: cert, servername: "another" })).toBe("SERVER_UNREACHABLE");
  });
});
