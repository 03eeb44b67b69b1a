import type { Cell } from "../wire/int64.ts";

/** One row's cells, in the schema's order. Immutable: frames share rows. */
export type Cells = readonly Cell[];

/** One table's rows by ascending id. Immutable: frames share blocks. */
export interface Block {
  readonly ids: readonly number[];
  readonly rows: readonly Cells[];
}

/** The state a client was sent, after one tick. */
export interface Frame {
  readonly tick: number;
  readonly from: number; // tick of its baseline; 0: a keyframe
  readonly tables: readonly Block[];
}

export const noRows: Block = { ids: [], rows: [] };

/** The index of the row with that id; if there is none, ~index of where it would be. */
export function find(b: Block, id: number): number {
  let lo = 0;
  let hi = b.ids.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (b.ids[mid]! < id) lo = mid + 1;
    else hi = mid;
  }
  return b.ids[lo] === id ? lo : ~lo;
}

/** The row with that id, if it is there. */
export function rowOf(b: Block, id: number): Cells | undefined {
  const i = find(b, id);
  return i < 0 ? undefined : b.rows[i];
}
