import { ownRows } from "../core/blocks.ts";
import type { Due } from "../core/inputs.ts";
import type { Predictor } from "../core/prediction.ts";
import { read, Shape, type RowObject } from "../core/rows.ts";
import { indexOf } from "../core/names.ts";
import { report } from "../platform/report.ts";
import { noRows, type Block, type Cells, type Frame } from "../view/frame.ts";
import type { Schema } from "../wire/schema.ts";

/** Moves one own row by a tick. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyStep = (row: any, input: any, at: any) => void;

/** Hand-written prediction, by table. */
export type AnySteps = Readonly<Record<string, AnyStep | undefined>>;

/** A predictor made of JavaScript functions, by table. Fields are rounded to wire steps after each call. */
export class StepPredictor implements Predictor {
  readonly tables: readonly number[];
  readonly #steps: readonly (AnyStep | undefined)[];
  readonly #shapes: readonly Shape[];
  readonly #inputShape: Shape;
  #rows: Block[]; // own rows, by table
  #input: RowObject = {};

  readonly #schema: Schema;
  readonly #player: number;
  readonly #state: () => unknown;

  constructor(
    schema: Schema,
    player: number,
    steps: AnySteps,
    state: () => unknown,
  ) {
    this.#schema = schema;
    this.#player = player;
    this.#state = state;
    for (const name of Object.keys(steps)) indexOf(schema.tables, name, "table");
    this.#shapes = schema.tables.map((t) => new Shape(t));
    this.#steps = schema.tables.map((t) => steps[t.name]);
    this.tables = [...schema.tables.keys()].filter((i) => this.#steps[i]);
    this.#inputShape = new Shape(schema.input);
    this.#rows = schema.tables.map(() => noRows);
  }

  load(frame: Frame, held: Cells): void {
    for (const i of this.tables) this.#rows[i] = ownRows(this.#schema.tables[i]!, frame.tables[i]!, this.#player);
    this.#setInput(held);
  }

  step(tick: number, due: Due): void {
    if (due.input) this.#setInput(due.input.cells);
    const at = { tick, dt: 1 / this.#schema.tickRate, player: this.#player, state: this.#state() };
    for (const i of this.tables) {
      const { ids, rows } = this.#rows[i]!;
      this.#rows[i] = { ids, rows: rows.map((cells, k) => this.#move(i, ids[k]!, cells, at)) };
    }
  }

  own(table: number): Block {
    return this.#rows[table]!;
  }

  #setInput(cells: Cells): void {
    this.#inputShape.fill(this.#input, (k) => read(this.#schema.input.fields[k]!, cells[k]!));
  }

  #move(table: number, id: number, cells: Cells, at: unknown): Cells {
    const shape = this.#shapes[table]!;
    const row: RowObject = { id };
    shape.fill(row, (k) => read(shape.schema.fields[k]!, cells[k]!));
    try {
      this.#steps[table]!(row, this.#input, at);
    } catch (e) {
      report(e);
      return cells;
    }
    return shape.cells(row, cells);
  }
}
