import { replaceOwn } from "../core/blocks.ts";
import { indexOf } from "../core/names.ts";
import { Renderer } from "../core/render.ts";
import { at, Rows, Shape, type RowObject, type Table } from "../core/rows.ts";
import type { Seat } from "../core/seat.ts";
import { noRows, type Block, type Frame } from "../view/frame.ts";
import type { Schema } from "../wire/schema.ts";

/** One entry for each table and value. */
export type AnyState = Record<string, Table<RowObject> | RowObject | undefined>;

/** The three views of a game's state that a room offers. */
export class States {
  readonly shapes: readonly Shape[];
  readonly renderer: Renderer;
  readonly state: AnyState;
  readonly predicted: AnyState;
  readonly interpolated: AnyState;
  /** The newest frame; kept while the client joins again. */
  frame: Frame | undefined;

  readonly #seat: Seat;

  constructor(
    readonly schema: Schema,
    seat: Seat,
  ) {
    this.#seat = seat;
    this.shapes = schema.tables.map((t) => new Shape(t));
    this.renderer = new Renderer(schema, this.shapes);
    this.state = this.#named((i) => new Rows(() => this.frame?.tables[i] ?? noRows, this.shapes[i]!));
    this.predicted = this.#named((i) => new Rows(this.#ownReplaced(i), this.shapes[i]!));
    this.interpolated = this.#named((i) => this.renderer.tables[i]!);
  }

  /** The number of a table or value. */
  index(name: string): number {
    return indexOf(this.schema.tables, name, "table or value");
  }

  /** Own rows of a table, as predicted. */
  own(table: string): RowObject[] {
    const { owner, fields } = this.schema.tables[this.index(table)]!;
    const by = fields[owner]?.path;
    const rows = this.predicted[table] as Iterable<RowObject>;
    return by && this.#seat.player ? [...rows].filter((r) => at(r, by) === this.#seat.player) : [];
  }

  #named(table: (i: number) => Table<RowObject>): AnyState {
    const state: AnyState = {};
    this.schema.tables.forEach((t, i) => {
      const rows = table(i);
      Object.defineProperty(state, t.name, { enumerable: true, get: () => (t.single ? rows.at(0) : rows) });
    });
    return state;
  }

  /** A table with own rows as predicted; made again when either changed. */
  #ownReplaced(i: number): () => Block {
    let of: readonly [Block, Block] | undefined;
    let made = noRows;
    return () => {
      const block = this.frame?.tables[i] ?? noRows;
      const p = this.#seat.prediction;
      const own = p?.covers(i) ? p.at(p.newest)?.[i] : undefined;
      if (!own) return block;
      if (of?.[0] !== block || of[1] !== own) {
        made = replaceOwn(this.schema.tables[i]!, block, own, this.#seat.player);
        of = [block, own];
      }
      return made;
    };
  }
}
