import { noRows, rowOf, type Block, type Cells, type Frame } from "../wire/frame.ts";
import type { Field, Schema } from "../wire/schema.ts";
import type { Ahead, Judgement } from "./ahead.ts";
import { Bends } from "./bend.ts";
import { ownRows, sameRow } from "./blocks.ts";
import type { Due, Inputs } from "./inputs.ts";
import { distance, moves } from "./mix.ts";

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

/** How many ticks the prediction goes beyond the newest state; in a longer silence it stands still. */
export const maxPredicted = 64;

/** Own rows in one tick, by table. */
type Guess = readonly Block[];

/**
 * Runs the rules ahead of the server, from its newest state, with the player's
 * inputs as the server will apply them. It remembers what it made of the
 * player's own rows in every tick, and compares when the server's word arrives.
 */
export class Prediction implements Ahead {
  /** The last tick predicted; 0 before the first. */
  newest = 0;
  readonly #bends: Bends;
  #base = 0; // newest state from the server; 0 before the first
  readonly #guesses = new Map<number, Guess>();
  #next = 0; // of the inputs that wait
  readonly #mine: ReadonlySet<number>;

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
    this.#bends = new Bends(smooth.half, smooth.snap);
    this.#mine = new Set(sim.tables.filter((i) => schema.tables[i]!.owner >= 0));
  }

  /** Reports whether own rows of a table are predicted. */
  covers(table: number): boolean {
    return this.#mine.has(table);
  }

  /** Own rows predicted for a tick. */
  at(tick: number): Guess | undefined {
    return this.#guesses.get(tick);
  }

  bend(now: number, table: number, id: number, field: number): number {
    return this.#bends.left(now, `${table} ${id} ${field}`);
  }

  close(): void {
    this.#sim.close?.();
  }

  /** Takes the server's newest state, that inputs knows as applied, and predicts anew as far as before. */
  correct(now: number, f: Frame, inputs: Inputs): Judgement {
    const j: Judgement = { corrected: false, largest: 0, surprised: false };
    const to = this.newest;
    const shown = this.at(to);
    const guess = this.#base === 0 ? undefined : this.at(f.tick);
    if (guess) this.#compare(j, guess, this.#map((t, i) => ownRows(t, f.tables[i]!, this.#player)));
    this.#base = this.newest = f.tick;
    for (const t of this.#guesses.keys()) if (t < f.tick - 1 || t > f.tick) this.#guesses.delete(t);
    this.#sim.load(f, inputs.held);
    this.#next = 0;
    this.#keep(f.tick);
    this.advance(to, inputs);
    const after = this.at(to);
    if (shown && after && to >= f.tick) {
      this.#compare(j, shown, after);
      this.#soften(now, shown, after);
    }
    return j;
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
    this.#guesses.set(t, this.#map((_, i) => this.#sim.own(i)));
  }

  #map(rows: (t: Schema["tables"][number], i: number) => Block): Guess {
    return this.#schema.tables.map((t, i) => (this.#mine.has(i) ? rows(t, i) : noRows));
  }

  #compare(j: Judgement, was: Guess, is: Guess): void {
    for (const i of this.#mine) {
      const [a, b] = [was[i]!, is[i]!];
      if (a.ids.length !== b.ids.length) j.surprised = true;
      b.ids.forEach((id, k) => {
        const before = rowOf(a, id);
        if (!before) j.surprised = true;
        else if (!sameRow(before, b.rows[k]!)) judge(j, this.#schema.tables[i]!.fields, before, b.rows[k]!);
      });
    }
  }

  #soften(now: number, was: Guess, is: Guess): void {
    for (const i of this.#mine) {
      const { fields } = this.#schema.tables[i]!;
      is[i]!.ids.forEach((id, k) => {
        const [before, row] = [rowOf(was[i]!, id), is[i]!.rows[k]!];
        if (!before) return;
        fields.forEach((f, n) => {
          if (moves(f) && before[n] !== row[n]) this.#bends.add(now, `${i} ${id} ${n}`, distance(f, row[n]!, before[n]!));
        });
      });
    }
    this.#bends.prune(now);
  }
}

function judge(j: Judgement, fields: readonly Field[], was: Cells, is: Cells): void {
  fields.forEach((f, k) => {
    if (was[k] === is[k]) return;
    if (!moves(f)) {
      j.surprised = true;
      return;
    }
    j.corrected = true;
    j.largest = Math.max(j.largest, Math.abs(distance(f, was[k]!, is[k]!)));
  });
}
