import { noRows, type Block } from "../view/frame.ts";
import { sameRow } from "./blocks.ts";
import type { RowObject, Shape } from "./rows.ts";

/** Callbacks for the changes of a table. */
export interface Watch {
  added?: (row: RowObject) => void;
  changed?: (row: RowObject, was: RowObject) => void;
  removed?: (last: RowObject) => void;
}

/** Compares a table after each snapshot with the snapshot before, and calls back. */
export class Watcher {
  #seen: Block = noRows;

  readonly #shape: Shape;
  readonly #watch: Watch;

  constructor(
    readonly table: number,
    shape: Shape,
    watch: Watch,
  ) {
    this.#shape = shape;
    this.#watch = watch;
  }

  /** Merges both states in order of id: a row was removed, is new, or is in both. */
  compare(is: Block): void {
    const was = this.#seen;
    this.#seen = is;
    if (was === is) return;
    let i = 0;
    let k = 0;
    while (i < was.ids.length || k < is.ids.length) {
      const [old, now] = [was.ids[i] ?? Infinity, is.ids[k] ?? Infinity];
      if (old < now) {
        this.#watch.removed?.(this.#shape.object(old, was.rows[i]!));
      } else if (now < old) {
        this.#watch.added?.(this.#shape.object(now, is.rows[k]!));
      } else if (this.#watch.changed && !sameRow(was.rows[i]!, is.rows[k]!)) {
        this.#watch.changed(this.#shape.object(now, is.rows[k]!), this.#shape.object(now, was.rows[i]!));
      }
      if (old <= now) i++;
      if (now <= old) k++;
    }
  }
}
