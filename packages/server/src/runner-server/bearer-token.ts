import { createHash, timingSafeEqual } from "node:crypto";
import type { ServerResponse } from "node:http";
import { BentoMLError, InvalidArgumentError } from "bentoml-core";

/** The token that requests must bring. It is kept as a digest, and compared in a time that tells nothing about it. */
export class BearerToken {
  readonly #digest: Buffer;

  /** @throws InvalidArgumentError for a token that no header can carry. */
  constructor(token: string) {
    if (!/^[\x21-\x7e]+$/.test(token)) {
      throw new InvalidArgumentError("the token must be visible ASCII characters without spaces, and not empty");
    }
    this.#digest = digestOf(token);
  }

  /**
   * Checks the header `Authorization`; the response gets the header that asks for it.
   *
   * @throws BentoMLError (401).
   */
  check(authorization: string | undefined, response: ServerResponse): void {
    const given = /^bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? "")?.[1];
    if (given !== undefined && timingSafeEqual(digestOf(given), this.#digest)) return;
    response.setHeader("WWW-Authenticate", "Bearer");
    const wrong = given === undefined ? 'this runner wants the header "Authorization: Bearer <token>"' : "the token of the request is not the one of this runner";
    throw new BentoMLError(wrong, { code: "UNAUTHORIZED", httpStatus: 401 });
  }
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
