import { Kind } from "./message.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

const maxToken = 2048; // bytes
const maxRefusal = 64; // bytes

/**
 * Renews the session with a new token. Only for servers whose welcome said how long the session lasts:
 *
 *     [6, token]
 */
export function appendRenew(token: string): Uint8Array<ArrayBuffer> {
  return new Writer(2, Kind.renew).text(token.slice(0, maxToken)).bytes();
}

/** The answer to a renewal. */
export interface Renewed {
  readonly left: number; // ms until the session ends
  readonly refusal: string; // why the token was refused; empty: it was accepted
}

/**
 *     [20, left, refusal]
 */
export function parseRenewed(msg: Uint8Array): Renewed {
  const r = Reader.message(msg, Kind.renewed, "renewed");
  return { left: r.uint(), refusal: r.nil() ? "" : r.text(maxRefusal) };
}
