import { Kind } from "./message.ts";
import { Reader } from "./reader.ts";
import type { Schema } from "./schema.ts";
import { readSchema } from "./schemawire.ts";

const maxMatchID = 128; // bytes

/** How a connection starts: with a new seat, or an old one resumed. */
export const enum Resumption {
  fresh,
  resumed, // the client's last snapshot is the baseline
  keyframe, // the seat is kept, but a keyframe follows and older state is void
}

/** The server's answer to a hello. */
export interface Welcome {
  readonly version: number;
  readonly player: number; // 0 = a spectator
  readonly resume: Uint8Array | undefined; // for the next hello; undefined: the seat can't be resumed
  readonly tick: number; // last completed step
  readonly tickRate: number; // Hz
  readonly snapshotRate: number; // Hz
  readonly ackEvery: number; // acknowledge at least every that many snapshots
  readonly seqTaken: number; // newest input the server has; send again what follows
  readonly resumed: number;
  readonly schema: Schema | undefined; // undefined: the client has it
  readonly match: string;
  readonly sinceTick: number; // ms since the step of tick was due
  readonly resumeWindow: number; // ms the seat waits after a drop
  readonly tokenLeft: number; // ms until the session ends unless its token is renewed; 0: unknown
}

/**
 *     [16, version, player, resumeID, tick, tickRate, snapshotRate, ackEvery, seqTaken,
 *      resumed, schema, matchID, sinceTick, resumeWindow, tokenLeft]
 */
export function parseWelcome(msg: Uint8Array): Welcome {
  const r = Reader.message(msg, Kind.welcome, "welcome");
  const w: Welcome = {
    version: r.uint(0xffff),
    player: r.uint(0xffff),
    resume: r.nil() ? undefined : r.bin(16),
    tick: r.uint(),
    tickRate: r.rate(1000),
    snapshotRate: r.rate(1000),
    ackEvery: r.rate(255),
    seqTaken: r.uint(),
    resumed: r.nil() ? 0 : r.uint(Resumption.keyframe),
    schema: r.nil() ? undefined : readSchema(r),
    match: r.nil() ? "" : r.text(maxMatchID),
    sinceTick: r.nil() ? 0 : r.uint() / 1000,
    resumeWindow: r.nil() ? 0 : r.uint(),
    tokenLeft: r.nil() ? 0 : r.uint(),
  };
  return w;
}
