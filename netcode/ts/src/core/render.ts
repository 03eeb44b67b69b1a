import { noRows, rowOf, type Block, type Cells, type Frame } from "../view/frame.ts";
import { FieldKind, Interp, type Schema } from "../wire/schema.ts";
import { owned, replaceOwn } from "./blocks.ts";
import { coast, lerp, moves, within } from "./lerp.ts";
import { maxExtrapolation } from "./playback.ts";
import { read, Rows, type RowObject, type Shape } from "./rows.ts";
import type { Seat } from "./seat.ts";

/** A moment between two frames. */
interface Span {
  readonly from: Frame;
  readonly to: Frame;
  readonly at: number; // 0 at from, 1 at to, above 1 beyond it
  readonly base: Frame; // whose rows are drawn: the earlier one, until the later one's time has come
}

const still = (f: Frame): Span => ({ from: f, to: f, at: 0, base: f });

/** Finds the frames around a tick. */
function span(s: Seat, at: number): Span {
  let later: Frame | undefined;
  for (let n = 0; ; n++) {
    const f = s.view!.back(n);
    if (!f) return still(later!);
    if (f.tick > at) {
      later = f;
      continue;
    }
    if (later) return { from: f, to: later, at: (at - f.tick) / (later.tick - f.tick), base: f };
    const before = s.view!.back(1);
    if (!before) return still(f);
    const beyond = coast(at - f.tick, maxExtrapolation / s.timing!.step);
    return { from: before, to: f, at: 1 + beyond / (f.tick - before.tick), base: f };
  }
}

/** A table as it is drawn. Its row objects are reused by the next drawing. */
class Drawn extends Rows {
  #drawn: Block = noRows;
  #items: RowObject[] = [];
  #old = new Map<number, RowObject>();

  constructor() {
    super(() => this.#drawn);
  }

  override at(index: number): RowObject | undefined {
    return this.#items[index];
  }

  /** Sets the table to the rows of block, their fields to what value says. */
  draw(block: Block, shape: Shape, value: (cells: Cells, id: number) => (field: number) => unknown): void {
    const kept = new Map<number, RowObject>();
    this.#items = block.ids.map((id, k) => {
      const o = this.#old.get(id) ?? { id };
      shape.fill(o, value(block.rows[k]!, id));
      kept.set(id, o);
      return o;
    });
    this.#old = kept;
    this.#drawn = block;
  }
}

/**
 * Renders what a player sees. Interpolation: others are drawn a moment ago, between two snapshots,
 * each field as its schema says. Own rows are drawn as predicted, between two ticks, with the
 * offset of smoothed corrections.
 */
export class Renderer {
  /** Interpolate others; otherwise they are drawn as last received. */
  smooth = true;
  readonly tables: readonly Drawn[];

  readonly #schema: Schema;
  readonly #shapes: readonly Shape[];

  constructor(
    schema: Schema,
    shapes: readonly Shape[],
  ) {
    this.#schema = schema;
    this.#shapes = shapes;
    this.tables = schema.tables.map(() => new Drawn());
  }

  /** Draws the moment now. */
  draw(s: Seat, now: number): void {
    if (!s.frame || s.schema !== this.#schema) return;
    const drawn = s.timing!.drawn(now);
    const sp = this.smooth ? span(s, drawn) : still(s.frame);
    const p = s.prediction;
    // how much of the newest predicted tick has passed; all of it while the prediction pauses
    const ownAt = p?.newest === s.tick ? Math.min(Math.max(s.timing!.predicted(now) - s.tick, 0), 1) : 1;
    const own = p?.at(p.newest);
    const before = p?.at(p.newest - 1);
    this.#schema.tables.forEach((t, i) => {
      const mine = own && p!.covers(i) ? own[i]! : undefined;
      const block = mine ? replaceOwn(t, sp.base.tables[i]!, mine, s.player) : sp.base.tables[i]!;
      this.tables[i]!.draw(block, this.#shapes[i]!, (cells, id) =>
        mine && owned(t, cells, s.player)
          ? this.#ownRow(s, i, cells, (before && rowOf(before[i]!, id)) ?? cells, ownAt, now, id)
          : this.#otherRow(s, i, cells, sp, id),
      );
    });
  }

  #ownRow(s: Seat, table: number, is: Cells, was: Cells, part: number, now: number, id: number): (k: number) => unknown {
    const { fields } = this.#schema.tables[table]!;
    return (k) => {
      const f = fields[k]!;
      if (!moves(f)) return read(f, is[k]!);
      return within(f, lerp(f, was[k]!, is[k]!, part) + s.prediction!.smoothing(now, table, id, k));
    };
  }

  #otherRow(s: Seat, table: number, cells: Cells, sp: Span, id: number): (k: number) => unknown {
    const { fields } = this.#schema.tables[table]!;
    const from = rowOf(sp.from.tables[table]!, id);
    const to = rowOf(sp.to.tables[table]!, id);
    const newest = rowOf(s.frame!.tables[table]!, id);
    return (k) => {
      const f = fields[k]!;
      if (moves(f) && from && to && from[k] !== to[k]) return lerp(f, from[k]!, to[k]!, sp.at);
      if (f.interp === Interp.snap && newest && f.kind !== FieldKind.text) return read(f, newest[k]!);
      return read(f, cells[k]!);
    };
  }
}
