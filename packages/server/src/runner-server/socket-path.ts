import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import type { Server } from "node:http";
import { connect } from "node:net";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";
import { Buffer } from "node:buffer";
import { BentoMLError, InvalidArgumentError } from "bentoml-core";

/** Of a socket's path, in bytes, with the zero at its end: the least that a system has (macOS; Linux has 108). */
const MOST_PATH_BYTES = 104;
/** The owner's, to read and write. */
const MODE = 0o600;
const OTHERS = 0o177;

/** A socket's path as `initClient({ url })` takes it. */
export function socketUrl(path: string): string {
  return pathToFileURL(path).href.replace(/^file:\/\//, "unix:");
}

/**
 * Binds the server to a Unix socket that only this user can connect to. A socket that a killed server left behind is removed; rejects with
 * code SOCKET_IN_USE when somebody listens on it, NOT_A_SOCKET when the path is something else, LISTEN_FAILED otherwise.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  checkLength(path);
  try {
    await bind(server, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw listenFailed(path, error as Error);
    await removeStale(path);
    await bind(server, path).catch((again: unknown) => {
      throw listenFailed(path, again as Error);
    });
  }
}

function bind(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Another thread cannot set the mask; there the socket is closed to others as soon as it is made.
    const mask = isMainThread ? process.umask(OTHERS) : undefined;
    try {
      server.listen({ path }, () => {
        server.off("error", reject);
        resolve();
      });
      if (server.listening) chmodSync(path, MODE);
    } finally {
      if (mask !== undefined) process.umask(mask);
    }
  });
}

async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path).isSocket()) {
    throw new BentoMLError(`${path} is there already, and is no socket: remove it, or give another path`, { code: "NOT_A_SOCKET" });
  }
  if (await isAnswered(path)) {
    throw new BentoMLError(`a program listens on ${path} already: stop it, or give another path`, { code: "SOCKET_IN_USE" });
  }
  unlinkSync(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    // A full queue of connections, or a socket of another user, is somebody's as well.
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "ECONNREFUSED" && code !== "ENOENT"));
  });
}

function checkLength(path: string): void {
  const bytes = Buffer.byteLength(path) + 1;
  if (bytes <= MOST_PATH_BYTES) return;
  throw new InvalidArgumentError(`the path of a Unix socket can have ${MOST_PATH_BYTES - 1} bytes, ${path} has ${bytes - 1}: give a shorter one, such as in /tmp or /run`);
}

function listenFailed(path: string, error: Error): BentoMLError {
  return new BentoMLError(`cannot listen on the socket ${path}: ${error.message}`, { code: "LISTEN_FAILED", cause: error });
}
