import type { Cell } from "../wire/int64.ts";
import { InputLog } from "../wire/inputlog.ts";
import { maxEntries, type Entry, type InputWriter } from "../wire/inputs.ts";
import { Packing } from "../wire/packing.ts";
import type { Schema } from "../wire/schema.ts";
import type { Cells } from "../wire/frame.ts";

/** Bounds the entries and commands that the server has not yet said it applied. */
export const maxPending = maxEntries; // so that one message carries them

/** An entry or, if kind is not −1, a command. */
interface Pending {
  readonly seq: number;
  readonly tick: number; // an entry's; of a command the one it was made in
  readonly view: number;
  readonly kind: number;
  readonly cells: Cells;
}

/** What the server will apply in one tick. */
export interface Due {
  input?: { readonly seq: number; readonly view: number; readonly cells: Cells };
  readonly commands: { readonly kind: number; readonly cells: Cells }[];
}

/**
 * What one seat has asked for and the server has not yet applied. It outlives
 * connections. Nothing that has a number is ever dropped: the player's control
 * state gets one only when there is room for it, and until then only its newest
 * value is kept.
 */
export class Inputs {
  readonly packing: Packing;
  /** What the server's newest state held. */
  held: Cells;
  #now: Cell[]; // what the player does now
  #aims = false; // and whether that needs the view tick
  readonly #pending: Pending[] = []; // ascending by seq
  #last: Cells; // of the newest entry
  #lastAge = 0; // and the age of its view
  #tick = 0;
  #made = 0; // newest number given
  #sent = 0; // newest number written on this connection
  #applied = 0; // newest number the server applied
  #log = new InputLog();

  constructor(readonly schema: Schema) {
    this.packing = new Packing(schema.input);
    this.#now = schema.input.fields.map(() => 0);
    this.#last = this.held = this.#now.slice();
  }

  /** Makes cells what the player does from the next tick on. aims: the view tick is to be told. */
  set(cells: Cells, aims: boolean): void {
    this.#now = cells.slice();
    this.#aims = aims;
  }

  /**
   * Gives the player's control state a number, for tick, if it has changed since
   * the last entry, or if what he looks at has moved by two ticks against it while
   * that matters. Never twice for one tick, nor while maxPending wait.
   */
  enter(tick: number, view: number): boolean {
    const age = tick - view;
    const aims = this.#aims && view !== 0;
    const aging = aims && Math.abs(age - this.#lastAge) >= 2;
    const changed = this.#now.some((c, k) => c !== this.#last[k]);
    if ((!aging && !changed) || this.#full || tick <= this.#tick) return false;
    this.#last = this.#now.slice();
    this.#lastAge = aims ? age : 0;
    this.#tick = tick;
    this.#push(tick, aims ? view : 0, -1, this.#last);
    return true;
  }

  /** Gives a command its number; tick is the one being predicted. False if maxPending wait. */
  command(tick: number, kind: number, cells: Cells): boolean {
    if (this.#full) return false;
    this.#push(tick, 0, kind, cells);
    return true;
  }

  get #full(): boolean {
    return this.#pending.length >= maxPending;
  }

  #push(tick: number, view: number, kind: number, cells: Cells): void {
    this.#pending.push({ seq: ++this.#made, tick, view, kind, cells });
  }

  /** Takes the server's word that it has applied everything up to seq, and returns how many of them are new. */
  appliedTo(seq: number): number {
    const before = this.#applied;
    while (this.#pending.length > 0 && this.#applied < seq) {
      const p = this.#pending.shift()!;
      if (p.kind < 0) {
        this.held = p.cells;
        this.#log.input(this.packing, p.cells);
      } else {
        this.#log.command(p.kind, this.schema.commands[p.kind]!, p.cells);
      }
      this.#applied++;
    }
    this.#sent = Math.max(this.#sent, this.#applied);
    return this.#applied - before;
  }

  /** Numbers behind seq, the newest that the server has from whoever had the seat before. */
  begin(seq: number): void {
    this.#made = this.#sent = this.#applied = seq;
  }

  /** Begins another connection, on which the server has already taken everything up to seq. */
  resume(seq: number): void {
    this.#sent = Math.min(Math.max(seq, this.#applied), this.#made);
  }

  /** How many are not yet applied. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** The next message with what was not yet written on this connection. told: the ack rode on it. */
  next(w: InputWriter, ack: number | undefined): { bytes: Uint8Array<ArrayBuffer>; told: boolean } | undefined {
    if (this.#sent >= this.#made) return undefined;
    const rest = this.#pending.slice(this.#sent - this.#applied);
    if (rest[0]!.kind >= 0) {
      this.#sent++;
      return { bytes: w.command(rest[0]!), told: false };
    }
    const end = rest.findIndex((p) => p.kind >= 0);
    const entries: Entry[] = end < 0 ? rest : rest.slice(0, end);
    this.#sent += entries.length;
    return { bytes: w.inputs(entries, ack), told: ack !== undefined };
  }

  /**
   * What the server will apply in tick, of what stands from place at on, and the
   * place behind it: at most one entry, and only when its tick has come; commands
   * at once but in their place, taken to be the tick they were made in.
   */
  due(tick: number, at: number): [Due, number] {
    const due: Due = { commands: [] };
    for (; at < this.#pending.length; at++) {
      const p = this.#pending[at]!;
      if (p.tick > tick || (p.kind < 0 && due.input)) break;
      if (p.kind < 0) due.input = p;
      else due.commands.push(p);
    }
    return [due, at];
  }

  /**
   * Takes the server's log over what it applied and returns how many it lacks
   * and how many it has too many. Of as many, but others, one is lost and one
   * repeated. Each fault is reported once.
   */
  compare(count: number, hash: number): { lost: number; repeated: number } {
    const off = count - this.#log.count;
    const other = off === 0 && hash !== this.#log.hash ? 1 : 0;
    this.#log.count = count;
    this.#log.hash = hash;
    return { lost: Math.max(-off, 0) + other, repeated: Math.max(off, 0) + other };
  }
}
