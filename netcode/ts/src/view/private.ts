import { frameSum } from "./check.ts";
import { change, readCell, readMask, type Draft } from "./decode.ts";
import { find, type Cells, type Frame } from "./frame.ts";
import { maxUint32 } from "../wire/message.ts";
import type { Reader } from "../wire/reader.ts";
import type { Schema } from "../wire/schema.ts";

/** One event as a client receives it. */
export interface PostedEvent {
  readonly kind: number; // in the schema's events
  readonly tick: number; // when it happened
  readonly cells: Cells;
}

/** The server's state hash compared, and its digest of this seat's inputs. */
export interface Check {
  readonly mismatch: boolean; // the state hash differs: request a keyframe
  readonly applied: number; // own inputs and commands applied
  readonly inputsHash: number;
  readonly ackEvery: number | undefined; // undefined: as the welcome says
}

/** own: (id step, mask…, values)… of the owner's fields of the receiver's rows. */
export function own(player: number): (r: Reader, d: Draft, rows: number) => void {
  return (r, d, rows) => {
    const { fields, public: shared, owner } = d.schema;
    for (let id = 0; rows > 0; rows--) {
      id += r.uint(maxUint32 - 1) + 1;
      if (fields.length === shared) r.fail();
      const mask = readMask(r, fields.length - shared);
      const row = find(d, id);
      if (row < 0 || d.rows[row]![owner] !== player) r.fail();
      change(r, d.row(row, true), d.schema, mask, shared, fields.length);
    }
  };
}

/** events: (kind, age, fields…)… Those up to tick served were delivered before and are dropped. */
export function readEvents(r: Reader | undefined, s: Schema, tick: number, served: number): PostedEvent[] {
  const events: PostedEvent[] = [];
  while (r && r.left > 0) {
    if (s.events.length === 0) r.fail();
    const kind = r.uint(s.events.length - 1);
    const at = tick - r.uint(tick);
    const cells = s.events[kind]!.fields.map((f) => readCell(r, f));
    if (at > served) events.push({ kind, tick: at, cells });
  }
  return events;
}

/** check: [stateHash, applied, inputsHash, ackEvery] */
export function readCheck(r: Reader | undefined, s: Schema, f: Frame, player: number): Check | undefined {
  if (!r) return undefined;
  return {
    mismatch: r.uint() !== frameSum(s, f, player),
    applied: r.uint(),
    inputsHash: r.uint(),
    ackEvery: r.nil() ? undefined : r.rate(255),
  };
}
