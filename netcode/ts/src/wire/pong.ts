import { Kind } from "./message.ts";
import { Reader } from "./reader.ts";

/** The answer to a ping. */
export interface Pong {
  readonly clientTime: number; // µs, of the ping
  readonly tick: number; // last step completed when the server answered
  readonly sinceTick: number; // µs since that step was due
}

/**
 *     [18, clientTime, tick, sinceTick]
 */
export function parsePong(msg: Uint8Array): Pong {
  const r = Reader.message(msg, Kind.pong, "pong");
  const p = { clientTime: Number(r.int()), tick: r.uint(), sinceTick: r.uint() };
  return p;
}
