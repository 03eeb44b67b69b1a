import { Kind } from "./message.ts";
import { Reader } from "./reader.ts";
import { Writer } from "./wire.ts";

const maxToken = 2048; // bytes
const maxRefusal = 64; // bytes

/**
 * Brings a new token in the place of the connection's; only to a server whose
 * welcome said how long that lasts:
 *
 *     [6, token]
 */
export function appendRenew(token: string): Uint8Array<ArrayBuffer> {
  return new Writer(2, Kind.renew).text(token.slice(0, maxToken)).bytes();
}

/** Answers it. */
export interface Renewed {
  readonly left: number; // ms until the session ends
  readonly refusal: string; // why the token was not taken; empty: it was
}

/**
 *     [20, left, refusal]
 */
export function parseRenewed(msg: Uint8Array): Renewed {
  const r = Reader.message(msg, Kind.renewed, "renewed");
  return { left: r.uint(), refusal: r.nil() ? "" : r.text(maxRefusal) };
}
