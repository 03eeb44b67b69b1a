import { disown, drafts, enter, leave, maxRunItems, sections, update } from "./decode.ts";
import type { Frame } from "./frame.ts";
import { Fault, Kind, maxUint32 } from "../wire/message.ts";
import { own, readCheck, readEvents, type Check, type PostedEvent } from "./private.ts";
import { Reader } from "../wire/reader.ts";
import type { Schema } from "../wire/schema.ts";
import { Resumption } from "../wire/welcome.ts";

const frameRing = 64;
const maxLead = frameRing / 2 - 1; // ticks over which linear fields are extrapolated
const maxItems = 64;

/** What one snapshot brings besides state. */
export interface Update {
  readonly tick: number;
  readonly keyframe: boolean;
  readonly ackSeq: number; // last own input applied
  readonly slack: number | undefined; // ms
  readonly events: readonly PostedEvent[];
  readonly check: Check | undefined;
}

/** A client's copy of the snapshots it was sent. After an error it is unchanged. */
export class View {
  #frames: Frame[] = []; // ascending by tick
  #tick = 0; // of the last snapshot on this connection, for the relative forms
  #ackSeq = 0;
  #chained = false;
  #eventTick = 0; // events up to this tick were delivered
  readonly #keep: number;

  constructor(
    readonly schema: Schema,
    readonly player: number,
  ) {
    this.#keep = Math.max(frameRing, 2 * schema.snapshotRate);
  }

  /** Starts a new connection. If the server resumes from it, the newest frame is kept as the baseline. */
  connect(how: number): void {
    this.#chained = false;
    if (how !== Resumption.resumed) this.#frames = [];
    if (how === Resumption.fresh) this.#eventTick = 0;
    const newest = this.#frames.pop();
    if (newest) this.#frames.push({ ...newest, from: 0 });
  }

  /** The newest state; nothing before the first keyframe. */
  get frame(): Frame | undefined {
    return this.#frames.at(-1);
  }

  /** The frame of that tick, if the view still has it. */
  at(tick: number): Frame | undefined {
    return this.#frames.findLast((f) => f.tick === tick);
  }

  /** The frame applied n snapshots before the newest. */
  back(n: number): Frame | undefined {
    return this.#frames[this.#frames.length - 1 - n];
  }

  /**
   * Applies one snapshot message:
   *
   *     [17, tick, age, ackSeq, slack, private, update, leave, enter]
   */
  apply(msg: Uint8Array): Update {
    const r = Reader.message(msg, Kind.snapshot, "snapshot");
    const absolute = !r.nil();
    let tick = absolute ? r.uint() : this.#tick;
    const age = r.uint(2 ** 31 - 1);
    let ackSeq = r.uint();
    if (!absolute) {
      if (!this.#chained || age === 0) r.fail(Fault.truncated);
      tick += age;
      ackSeq = (this.#ackSeq + ackSeq) % 2 ** 32;
    }
    // WebSocket keeps messages in order, so a tick that is not newer is an error
    if (tick <= (this.frame?.tick ?? 0) || tick > maxUint32 || (age > 0 && age >= tick)) r.fail();
    const base = age > 0 ? this.at(tick - age) : undefined;
    if (age > 0 && !base) r.fail("unknown baseline");
    const slack = r.nil() ? undefined : Number(r.biased());
    const priv = r.optional(maxItems);
    const runs = [r.optional(maxRunItems), r.optional(maxRunItems), r.optional(maxRunItems)] as const;

    const prev = absolute || !base ? undefined : this.#leading(base, tick);
    const tables = drafts(this.schema, base, prev, age, base && prev ? base.tick - prev.tick : 0);
    sections(runs[0], tables, update);
    sections(runs[1], tables, leave);
    sections(runs[2], tables, enter);
    for (const d of tables) disown(d, this.player);
    sections(priv?.optional(maxRunItems), tables, own(this.player));
    const frame = { tick, from: base?.tick ?? 0, tables: tables.map((d) => d.done()) };
    const events = readEvents(priv?.optional(maxRunItems), this.schema, tick, this.#eventTick);
    const check = readCheck(priv?.optional(maxItems), this.schema, frame, this.player);

    this.#frames.push(frame);
    if (this.#frames.length > this.#keep) this.#frames.shift();
    this.#tick = this.#eventTick = tick;
    this.#ackSeq = ackSeq;
    this.#chained = true;
    return { tick, keyframe: age === 0, ackSeq, slack, events, check };
  }

  /** The frame that base was a delta to, if linear fields are to be extrapolated from both to tick. */
  #leading(base: Frame, tick: number): Frame | undefined {
    const prev = base.from;
    const near = prev !== 0 && base.tick > prev && base.tick - prev <= maxLead && tick - base.tick <= maxLead;
    return near ? this.at(prev) : undefined;
  }
}
