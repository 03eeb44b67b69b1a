import type { Cell } from "../wire/int64.ts";
import { InputDigest } from "../wire/inputdigest.ts";
import { fit, maxEntries, type Entry, type InputWriter } from "../wire/inputs.ts";
import { Packing } from "../wire/packing.ts";
import type { Schema } from "../wire/schema.ts";
import type { Cells } from "../view/frame.ts";

/** The most entries and commands that may be unacknowledged. */
export const maxPending = maxEntries; // they fit into one message

/** An entry or, if kind is not −1, a command. */
interface Pending {
  readonly seq: number;
  readonly tick: number; // that an entry is for, or that a command was made in
  readonly view: number;
  readonly kind: number;
  readonly cells: Cells;
}

/** The inputs that the server will apply in one tick. */
export interface Due {
  input?: { readonly seq: number; readonly view: number; readonly cells: Cells };
  readonly commands: { readonly kind: number; readonly cells: Cells }[];
}

/**
 * The unacknowledged inputs of a seat. They outlive connections. Nothing that has a sequence
 * number is dropped: the player's input gets one only when there is room, and until then only
 * its newest value is kept.
 */
export class Inputs {
  readonly packing: Packing;
  /** The input that holds in the server's newest state. */
  held: Cells;
  #now: Cell[]; // the player's input
  #sendsView = false; // with the tick they see
  readonly #pending: Pending[] = []; // ascending by seq
  #last: Cells; // of the newest entry
  #lastAge = 0; // and the age of its view
  #tick = 0;
  #base = 0; // the tick after which everything up to #applied was applied
  // sequence numbers: applied ≤ sent ≤ made
  #made = 0; // newest given
  #sent = 0; // newest written on this connection
  #applied = 0; // newest applied by the server
  #digest = new InputDigest();

  constructor(readonly schema: Schema) {
    this.packing = new Packing(schema.input);
    this.#now = schema.input.fields.map(() => 0);
    this.#last = this.held = this.#now.slice();
  }

  /** Sets the player's input from the next tick on. sendsView: entries say which tick they see. */
  set(cells: Cells, sendsView: boolean): void {
    this.#now = fit(this.schema.input.fields, cells);
    this.#sendsView = sendsView;
  }

  /**
   * Makes an entry of the player's input for tick if it has changed since the last entry, or if the
   * age of the tick they see has changed by two ticks and is sent. At most one for a tick, none
   * while maxPending are unacknowledged, and none while entries that came late still occupy the ticks
   * up to this one: the server applies one a tick, and would never catch up with a player who changes
   * their input in each.
   */
  addEntry(tick: number, view: number): boolean {
    const age = tick - view;
    const sends = this.#sendsView && view !== 0;
    const aging = sends && Math.abs(age - this.#lastAge) >= 2;
    if ((!aging && !this.wanted) || this.#full || tick <= this.#tick || tick < this.#free) return false;
    this.#last = this.#now.slice();
    this.#lastAge = sends ? age : 0;
    this.#tick = tick;
    this.#push(tick, sends ? view : 0, -1, this.#last);
    return true;
  }

  /** Reports whether the player's input differs from the newest entry. */
  get wanted(): boolean {
    return this.#now.some((c, k) => c !== this.#last[k]);
  }

  /** The tick that the first unacknowledged entry is for. */
  get oldest(): number | undefined {
    return this.#pending.find((p) => p.kind < 0)?.tick;
  }

  /** The first tick in which the server can apply another entry. */
  get #free(): number {
    let t = this.#base;
    for (const p of this.#pending) if (p.kind < 0) t = Math.max(t + 1, p.tick);
    return t + 1;
  }

  /** Queues a command; tick is the one being predicted. Returns false if maxPending are unacknowledged. */
  command(tick: number, kind: number, cells: Cells): boolean {
    if (this.#full) return false;
    this.#push(tick, 0, kind, fit(this.schema.commands[kind]!.fields, cells));
    return true;
  }

  get #full(): boolean {
    return this.#pending.length >= maxPending;
  }

  #push(tick: number, view: number, kind: number, cells: Cells): void {
    this.#pending.push({ seq: ++this.#made, tick, view, kind, cells });
  }

  /** Notes that after tick the server has applied everything up to seq; returns how many of them are new. */
  acknowledge(seq: number, tick: number): number {
    this.#base = tick;
    const before = this.#applied;
    while (this.#pending.length > 0 && this.#applied < seq) {
      const p = this.#pending.shift()!;
      if (p.kind < 0) {
        this.held = p.cells;
        this.#digest.input(this.packing, p.cells);
      } else {
        this.#digest.command(p.kind, this.schema.commands[p.kind]!, p.cells);
      }
      this.#applied++;
    }
    this.#sent = Math.max(this.#sent, this.#applied);
    return this.#applied - before;
  }

  /** Starts a new seat: numbers continue after seq, the newest that the server has of this seat. */
  begin(seq: number): void {
    this.#made = this.#sent = this.#applied = seq;
  }

  /** Continues on another connection; the server has everything up to seq. */
  resume(seq: number): void {
    this.#sent = Math.min(Math.max(seq, this.#applied), this.#made);
  }

  /** Reports whether next() has something to write. */
  get unsent(): boolean {
    return this.#sent < this.#made;
  }

  /** How many are unacknowledged. */
  get waiting(): number {
    return this.#pending.length;
  }

  /** The next message with inputs not yet written on this connection. acked: it carries the ack. */
  next(w: InputWriter, ack: number | undefined): { bytes: Uint8Array<ArrayBuffer>; acked: boolean } | undefined {
    if (!this.unsent) return undefined;
    const rest = this.#pending.slice(this.#sent - this.#applied);
    if (rest[0]!.kind >= 0) {
      this.#sent++;
      return { bytes: w.command(rest[0]!), acked: false };
    }
    const end = rest.findIndex((p) => p.kind >= 0);
    const entries: Entry[] = end < 0 ? rest : rest.slice(0, end);
    this.#sent += entries.length;
    return { bytes: w.inputs(entries, ack), acked: ack !== undefined };
  }

  /**
   * The inputs that the server will apply in tick, from index at on, and the index after them: at most
   * one entry, and only when its tick has come; commands in order, in the tick they were made in.
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
   * Compares the server's digest of what it applied with the client's own, and returns how many
   * inputs were lost and how many were applied again. If only the hashes differ, that counts as
   * one of each. Each fault is reported once: the digest continues from the server's.
   */
  compare(count: number, hash: number): { lost: number; repeated: number } {
    const off = count - this.#digest.count;
    const other = off === 0 && hash !== this.#digest.hash ? 1 : 0;
    this.#digest.count = count;
    this.#digest.hash = hash;
    return { lost: Math.max(-off, 0) + other, repeated: Math.max(off, 0) + other };
  }
}
