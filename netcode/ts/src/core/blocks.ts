import type { Block, Cells } from "../view/frame.ts";
import type { RowSchema } from "../wire/schema.ts";

/** Reports whether a row belongs to player. */
export function owned(s: RowSchema, cells: Cells, player: number): boolean {
  return s.owner >= 0 && player !== 0 && cells[s.owner] === player;
}

/** The rows of a table that belong to player. */
export function ownRows(s: RowSchema, from: Block, player: number): Block {
  const ids: number[] = [];
  const rows: Cells[] = [];
  from.rows.forEach((cells, k) => {
    if (!owned(s, cells, player)) return;
    ids.push(from.ids[k]!);
    rows.push(cells);
  });
  return { ids, rows };
}

/**
 * The rows of others that do not belong to player, and all of own, by ascending id. Where
 * the server gave another player's row the id of a predicted row, the server's row wins.
 */
export function replaceOwn(s: RowSchema, others: Block, own: Block, player: number): Block {
  const ids: number[] = [];
  const rows: Cells[] = [];
  let k = 0;
  const push = (b: Block, i: number) => {
    ids.push(b.ids[i]!);
    rows.push(b.rows[i]!);
  };
  others.ids.forEach((id, i) => {
    while (k < own.ids.length && own.ids[k]! < id) push(own, k++);
    const mine = owned(s, others.rows[i]!, player);
    if (own.ids[k] === id) {
      if (mine) push(own, k);
      k++;
      if (mine) return;
    }
    if (!mine) push(others, i);
  });
  while (k < own.ids.length) push(own, k++);
  return { ids, rows };
}

/** Reports whether two rows are equal in every field. */
export function sameRow(a: Cells, b: Cells): boolean {
  return a === b || a.every((c, k) => Object.is(c, b[k])); // NaN is NaN, and 0 is not −0
}
