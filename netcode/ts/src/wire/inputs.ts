import type { Cell } from "./int64.ts";
import { Kind, maxUint32 } from "./message.ts";
import { bound, Packing } from "./packing.ts";
import { FieldKind, type Field, type Schema } from "./schema.ts";
import { cutText, Writer } from "./writer.ts";

/** The most entries of one inputs message. */
export const maxEntries = 64;

/** One change of a seat's input. */
export interface Entry {
  readonly seq: number; // from 1, ascending by 1 over entries and commands
  readonly tick: number; // the tick it is for
  readonly view: number; // the tick the player saw; 0: not said
  readonly cells: readonly Cell[];
}

/** A rare request to the rules. */
export interface Command {
  readonly seq: number;
  readonly kind: number; // in the schema's commands
  readonly cells: readonly Cell[];
}

/** A row's cells as the wire can carry them, which is what the server counts as applied: numbers in their bounds, texts cut. */
export function fit(fields: readonly Field[], cells: readonly Cell[]): Cell[] {
  return fields.map((f, k) => {
    const c = cells[k]!;
    if (typeof c === "string") return cutText(c, f.maxLen);
    return f.kind === FieldKind.real ? c : bound(f, c);
  });
}

/**
 * Writes one connection's inputs and commands relative to those before, in the shortest form.
 * Every message must be sent, in order.
 */
export class InputWriter {
  #seq = 0;
  #tick = 0;
  #begun = false;

  readonly #schema: Schema;
  readonly #packing: Packing;

  constructor(
    schema: Schema,
    packing: Packing,
  ) {
    this.#schema = schema;
    this.#packing = packing;
  }

  /**
   * A message of entries, at most maxEntries, with consecutive numbers and ticks
   * that never go back; and an ack, if there is one:
   *
   *     [2, seq, ack, (tick, viewAge?, packed…)…]
   */
  inputs(entries: readonly Entry[], ack: number | undefined): Uint8Array<ArrayBuffer> {
    const first = entries[0]!;
    const per = 1 + this.#packing.words.length + (this.#schema.rewinds ? 1 : 0);
    const w = new Writer(3 + entries.length * per, Kind.inputs);
    if (this.#begun && first.seq === this.#seq + 1 && first.tick >= this.#tick) {
      w.nil();
    } else {
      w.int(first.seq);
      this.#tick = 0;
    }
    if (ack === undefined) w.nil();
    else w.int(ack);
    for (const e of entries) {
      w.int(e.tick - this.#tick);
      if (this.#schema.rewinds) w.int(e.view === 0 || e.view >= e.tick ? 0 : e.tick - e.view);
      this.#packing.append(w, e.cells);
      this.#seq = e.seq;
      this.#tick = e.tick;
      this.#begun = true;
    }
    return w.bytes();
  }

  /**
   *     [4, seq, kind, fields…]
   */
  command(c: Command): Uint8Array<ArrayBuffer> {
    const { fields } = this.#schema.commands[c.kind]!;
    const w = new Writer(3 + fields.length, Kind.command);
    if (this.#seq !== 0 && this.#seq < maxUint32 && c.seq === this.#seq + 1) w.nil();
    else w.int(c.seq);
    this.#seq = c.seq;
    w.int(c.kind);
    fields.forEach((f, k) => {
      const v = c.cells[k]!;
      if (typeof v === "string") w.text(cutText(v, f.maxLen));
      else if (f.kind === FieldKind.real) w.float(v as number);
      else w.int(v);
    });
    return w.bytes();
  }
}
