import { noRows, rowOf, type Block, type Cells, type Frame } from "../view/frame.ts";
import type { Field, Schema } from "../wire/schema.ts";
import { ownRows, sameRow } from "./blocks.ts";
import type { Due, Inputs } from "./inputs.ts";
import { distance, moves } from "./lerp.ts";
import { Smoothing } from "./smoothing.ts";

/** Runs the rules for one player. */
export interface Predictor {
  /** Which of the schema's tables it predicts. */
  readonly tables: readonly number[];
  /** Replaces its state by what the server sent; held is the input that holds there. */
  load(frame: Frame, held: Cells): void;
  /** Runs the step to tick, with what is new in it. */
  step(tick: number, due: Due): void;
  /** The player's own rows of a table as they are now. */
  own(table: number): Block;
  /** Frees what it holds. */
  close?(): void;
}

/** Makes the predictor of a seat. */
export type PredictorFor = (schema: Schema, player: number) => Predictor;

/** Makes the prediction of a seat. */
export type PredictionFor = (schema: Schema, player: number) => Prediction;

/** How far a snapshot differed from what was predicted of the player's own rows. */
export interface Reconciliation {
  corrected: boolean; // a moving field differed
  largest: number; // the largest such difference, in its field's units
  surprised: boolean; // another field differed, or a row appeared or went
}

/** How many ticks are predicted beyond the newest snapshot at most; in a longer silence the prediction pauses. */
export const maxPredicted = 64;

/** The player's own rows in one tick, by table. */
type OwnRows = readonly Block[];

/**
 * Client-side prediction with reconciliation: runs the rules ahead of the server, from its
 * newest snapshot, with the player's inputs as the server will apply them. It keeps the
 * player's own rows of every predicted tick and compares them with the snapshot of that tick.
 */
export class Prediction {
  /** The last tick predicted; 0 before the first. */
  newest = 0;
  readonly #smoothing: Smoothing;
  #base = 0; // tick of the newest snapshot; 0 before the first
  readonly #predicted = new Map<number, OwnRows>(); // by tick
  #next = 0; // index of the first pending input that has not been run
  readonly #ownTables: ReadonlySet<number>;

  readonly #schema: Schema;
  readonly #player: number;
  readonly #sim: Predictor;

  constructor(
    schema: Schema,
    player: number,
    sim: Predictor,
    smooth: { readonly half: number; readonly snap: number },
  ) {
    this.#schema = schema;
    this.#player = player;
    this.#sim = sim;
    this.#smoothing = new Smoothing(smooth.half, smooth.snap);
    this.#ownTables = new Set(sim.tables.filter((i) => schema.tables[i]!.owner >= 0));
  }

  /** Reports whether own rows of a table are predicted. */
  covers(table: number): boolean {
    return this.#ownTables.has(table);
  }

  /** Own rows predicted for a tick. */
  at(tick: number): OwnRows | undefined {
    return this.#predicted.get(tick);
  }

  /** How far a field of an own row is drawn from its predicted value, while a correction is smoothed. */
  smoothing(now: number, table: number, id: number, field: number): number {
    return this.#smoothing.offset(now, `${table} ${id} ${field}`);
  }

  close(): void {
    this.#sim.close?.();
  }

  /**
   * Compares the newest snapshot with what was predicted for its tick, and predicts again from it
   * as far as before. inputs already knows which of them the snapshot includes.
   */
  reconcile(now: number, f: Frame, inputs: Inputs): Reconciliation {
    const r: Reconciliation = { corrected: false, largest: 0, surprised: false };
    const to = this.newest;
    const shown = this.at(to);
    const predicted = this.#base === 0 ? undefined : this.at(f.tick);
    if (predicted) this.#compare(r, predicted, this.#map((t, i) => ownRows(t, f.tables[i]!, this.#player)));
    this.#restart(f, inputs);
    this.advance(to, inputs);
    const after = this.at(to);
    if (shown && after && to >= f.tick) {
      this.#compare(r, shown, after);
      this.#smooth(now, shown, after);
    }
    return r;
  }

  /**
   * Goes back to tick t, because the server dropped time: runs the rules again from the newest
   * snapshot. What that changes is smoothed, but is no correction.
   */
  rewind(now: number, f: Frame, inputs: Inputs, t: number): void {
    if (this.#base === 0 || t >= this.newest) return;
    const shown = this.at(this.newest)!;
    this.#restart(f, inputs);
    this.advance(t, inputs);
    this.#smooth(now, shown, this.at(this.newest)!);
  }

  /** Begins again at the newest snapshot. */
  #restart(f: Frame, inputs: Inputs): void {
    this.#base = this.newest = f.tick;
    for (const t of this.#predicted.keys()) if (t < f.tick - 1 || t > f.tick) this.#predicted.delete(t);
    this.#sim.load(f, inputs.held);
    this.#next = 0;
    this.#keep(f.tick);
  }

  /** Predicts up to tick t. */
  advance(t: number, inputs: Inputs): void {
    while (this.#base > 0 && this.newest < t && this.newest - this.#base < maxPredicted) {
      this.newest++;
      const [due, next] = inputs.due(this.newest, this.#next);
      this.#next = next;
      this.#sim.step(this.newest, due);
      this.#keep(this.newest);
    }
  }

  #keep(t: number): void {
    this.#predicted.set(t, this.#map((_, i) => this.#sim.own(i)));
  }

  #map(rows: (t: Schema["tables"][number], i: number) => Block): OwnRows {
    return this.#schema.tables.map((t, i) => (this.#ownTables.has(i) ? rows(t, i) : noRows));
  }

  #compare(r: Reconciliation, was: OwnRows, is: OwnRows): void {
    for (const i of this.#ownTables) {
      const [a, b] = [was[i]!, is[i]!];
      if (a.ids.length !== b.ids.length) r.surprised = true;
      b.ids.forEach((id, k) => {
        const before = rowOf(a, id);
        if (!before) r.surprised = true;
        else if (!sameRow(before, b.rows[k]!)) compareRow(r, this.#schema.tables[i]!.fields, before, b.rows[k]!);
      });
    }
  }

  #smooth(now: number, was: OwnRows, is: OwnRows): void {
    for (const i of this.#ownTables) {
      const { fields } = this.#schema.tables[i]!;
      is[i]!.ids.forEach((id, k) => {
        const [before, row] = [rowOf(was[i]!, id), is[i]!.rows[k]!];
        if (!before) return;
        fields.forEach((f, n) => {
          if (!moves(f) || Object.is(before[n], row[n])) return;
          const off = distance(f, row[n]!, before[n]!);
          if (Number.isFinite(off)) this.#smoothing.add(now, `${i} ${id} ${n}`, off);
        });
      });
    }
    this.#smoothing.prune(now);
  }
}

function compareRow(r: Reconciliation, fields: readonly Field[], was: Cells, is: Cells): void {
  fields.forEach((f, k) => {
    if (Object.is(was[k], is[k])) return;
    const off = moves(f) ? Math.abs(distance(f, was[k]!, is[k]!)) : NaN;
    if (!Number.isFinite(off)) {
      r.surprised = true;
      return;
    }
    r.corrected = true;
    r.largest = Math.max(r.largest, off);
  });
}
