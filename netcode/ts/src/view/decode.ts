import { noRows, type Block, type Cells, type Frame } from "./frame.ts";
import { lead, residual, restore, type Cell, type Int } from "../wire/int64.ts";
import { maxUint32 } from "../wire/message.ts";
import type { Reader } from "../wire/reader.ts";
import { Codec, FieldKind, type Field, type RowSchema, type Schema } from "../wire/schema.ts";

export const maxRunItems = 1 << 22; // values in one flat run
const maxRows = 1 << 16; // of one table

const narrowFields = 4;
const classes = 8;
const newClass = classes - 1;

/** The client's half of delta compression: a table being decoded, as a copy-on-write copy of the baseline. */
export class Draft {
  ids: number[] | readonly number[];
  rows: Cells[] | readonly Cells[];

  constructor(
    readonly schema: RowSchema,
    readonly base: Block,
  ) {
    this.ids = base.ids;
    this.rows = base.rows;
  }

  /** The table as it is now. */
  done(): Block {
    return this.rows === this.base.rows && this.ids === this.base.ids ? this.base : { ids: this.ids, rows: this.rows };
  }

  /** The cells of row k, to be written to. shared: they belong to another frame and are copied. */
  row(k: number, shared: boolean): Cell[] {
    if (this.rows === this.base.rows) this.rows = this.base.rows.slice();
    if (shared) (this.rows as Cells[])[k] = this.rows[k]!.slice();
    return this.rows[k] as Cell[];
  }
}

/** Drafts of base's tables, linear fields extrapolated by num ticks; prev is the baseline of base, den ticks before it. */
export function drafts(s: Schema, base?: Frame, prev?: Frame, num = 0, den = 0): Draft[] {
  return s.tables.map((t, i) => {
    const d = new Draft(t, base?.tables[i] ?? noRows);
    if (prev) advance(d, prev.tables[i]!, num, den);
    return d;
  });
}

/** Extrapolates linear fields. */
function advance(d: Draft, before: Block, num: number, den: number): void {
  const linear: number[] = [];
  for (let n = 0; n < d.schema.public; n++) if (d.schema.fields[n]!.codec === Codec.linear) linear.push(n);
  if (linear.length === 0) return;
  let k = 0;
  d.base.ids.forEach((id, j) => {
    while (k < before.ids.length && before.ids[k]! < id) k++;
    const is = d.base.rows[j]!;
    const was = before.rows[k];
    if (before.ids[k] !== id || is === was) return;
    let cells: Cell[] | undefined;
    for (const n of linear) {
      if (is[n] === was![n]) continue;
      const { wrap } = d.schema.fields[n]!;
      cells ??= d.row(j, true);
      const moved = residual(is[n] as Int, was![n] as Int, wrap);
      cells[n] = restore(lead(moved, num, den), is[n] as Int, wrap);
    }
  });
}

/** Calls read for each section of a flat run: (table, count, rows…), tables ascending. */
export function sections(run: Reader | undefined, tables: Draft[], read: (r: Reader, d: Draft, rows: number) => void): void {
  let last = -1;
  while (run && run.left > 0) {
    const table = run.uint(tables.length - 1);
    const rows = run.uint(maxRows);
    if (table <= last) run.fail();
    last = table;
    read(run, tables[table]!, rows);
  }
}

/** update: (row key, [mask…], the changed fields' values)… */
export function update(r: Reader, d: Draft, rows: number): void {
  const fields = d.schema.public;
  const masks: Mask[] = [];
  let row = -1;
  for (; rows > 0; rows--) {
    const key = r.uint(Number.MAX_SAFE_INTEGER);
    let step: number;
    let mask: Mask;
    if (fields <= narrowFields) {
      const low = 2 ** fields;
      mask = [key % low, 0];
      step = Math.floor(key / low);
    } else {
      const known = masks[key % classes];
      step = Math.floor(key / classes);
      if (known) mask = known;
      else if (key % classes !== newClass) r.fail();
      else {
        mask = readMask(r, fields);
        if (masks.length < newClass) masks.push(mask);
      }
    }
    if (step >= d.ids.length - row - 1 || (mask[0] | mask[1]) === 0) r.fail();
    row += 1 + step;
    change(r, d.row(row, d.rows[row] === d.base.rows[row]), d.schema, mask, 0, fields);
  }
}

/** Which of up to 64 fields: the lower 32 and the others. */
type Mask = readonly [number, number];

/** One integer for each 32 of n fields; more bits than fields are refused. */
export function readMask(r: Reader, n: number): Mask {
  const low = r.uint(n < 32 ? 2 ** n - 1 : maxUint32);
  return [low, n > 32 ? r.uint(2 ** (n - 32) - 1) : 0];
}

/** Reads new values for the fields from…to−1 that are in mask. */
export function change(r: Reader, cells: Cell[], s: RowSchema, mask: Mask, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const bit = k - from;
    if ((mask[bit >> 5]! & (1 << (bit & 31))) === 0) continue;
    const f = s.fields[k]!;
    cells[k] = f.codec === Codec.absolute ? readCell(r, f) : restore(r.biased(), cells[k] as Int, f.wrap);
  }
}

export function readCell(r: Reader, f: Field): Cell {
  switch (f.kind) {
    case FieldKind.text:
      return r.text(f.maxLen);
    case FieldKind.real:
      return r.float();
  }
  return r.int();
}

/** leave: row step… */
export function leave(r: Reader, d: Draft, rows: number): void {
  const gone = new Set<number>();
  for (let row = -1; rows > 0; rows--) {
    const step = r.uint();
    if (step >= d.ids.length - row - 1) r.fail();
    row += 1 + step;
    gone.add(row);
  }
  if (gone.size === 0) return;
  d.ids = d.ids.filter((_, k) => !gone.has(k));
  d.rows = d.rows.filter((_, k) => !gone.has(k));
}

/** enter: (id step, every public field)… */
export function enter(r: Reader, d: Draft, rows: number): void {
  const { fields } = d.schema;
  const ids: number[] = [];
  const cells: Cells[] = [];
  let k = 0;
  for (let id = 0; rows > 0; rows--) {
    id += r.uint(maxUint32 - 1) + 1;
    for (; k < d.ids.length && d.ids[k]! < id; k++) {
      ids.push(d.ids[k]!);
      cells.push(d.rows[k]!);
    }
    if (id > maxUint32 || d.ids[k] === id || ids.length >= maxRows) r.fail();
    ids.push(id);
    cells.push(fields.map((f, n) => (n < d.schema.public ? readCell(r, f) : zero(f))));
  }
  d.ids = ids.concat(d.ids.slice(k));
  d.rows = cells.concat(d.rows.slice(k));
}

export function zero(f: Field): Cell {
  return f.kind === FieldKind.text ? "" : 0;
}

/** Zeroes the owner-only fields of rows that do not, or no longer, belong to the player. */
export function disown(d: Draft, player: number): void {
  const { fields, owner } = d.schema;
  if (d.schema.public === fields.length || d.rows === d.base.rows) return;
  d.rows.forEach((cells, k) => {
    if (player !== 0 && cells[owner] === player) return;
    for (let n = d.schema.public; n < fields.length; n++) {
      if (!Object.is(cells[n], zero(fields[n]!))) d.row(k, true)[n] = zero(fields[n]!);
    }
  });
}
