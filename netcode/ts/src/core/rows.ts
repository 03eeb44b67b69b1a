import { indexOf } from "./names.ts";
import { find, type Block, type Cells } from "../view/frame.ts";
import { nearest, restore, unsigned, type Cell, type Int } from "../wire/int64.ts";
import { bound } from "../wire/packing.ts";
import { FieldKind, type Field, type RowSchema } from "../wire/schema.ts";

/** A row as an object: nested as its fields' paths are. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type RowObject = Record<string, any>;

/** A node of a row's tree: a field's index, or an object or array of nodes. */
type Node = number | { readonly list: boolean; readonly parts: Map<string, Node> };

/** A cell as a JavaScript value. An integer beyond ±2^53 is a bigint, so that it is exact. */
export function read(f: Field, c: Cell): unknown {
  switch (f.kind) {
    case FieldKind.bool:
      return c === 1;
    case FieldKind.fixed:
      return Number(c) * f.step;
    case FieldKind.int:
      return f.unsigned ? unsigned(c as Int) : c;
  }
  return c;
}

/** The cell of a JavaScript value, rounded and bounded as the server does. */
export function write(f: Field, v: unknown): Cell {
  switch (f.kind) {
    case FieldKind.text:
      return String(v ?? "");
    case FieldKind.bool:
      return v ? 1 : 0;
    case FieldKind.real:
      return typeof v === "number" || typeof v === "bigint" ? Number(v) : 0;
  }
  const whole = typeof v === "bigint" && f.kind === FieldKind.int;
  const n = whole ? v : roundToEven(Number(v ?? 0) / (f.step || 1));
  const cell = nearest(n, f.unsigned);
  return f.wrap > 0 ? restore(cell, 0, f.wrap) : bound(f, cell);
}

function roundToEven(v: number): number {
  const down = Math.floor(v);
  const rest = v - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/** Converts between rows and objects, by a row's schema. */
export class Shape {
  readonly #root: Node;
  readonly #made = new WeakMap<Cells, RowObject>();

  constructor(readonly schema: RowSchema) {
    this.#root = { list: false, parts: new Map() };
    schema.fields.forEach((f, k) => addNode(this.#root, f.path.split("."), k));
  }

  /** The object of a row; the same one for the same row. */
  object(id: number, cells: Cells): RowObject {
    let o = this.#made.get(cells);
    if (!o) {
      o = { id };
      this.fill(o, (k) => read(this.schema.fields[k]!, cells[k]!));
      this.#made.set(cells, o);
    }
    return o;
  }

  /** Sets each field of o to value(field). */
  fill(o: RowObject, value: (field: number) => unknown): void {
    fill(o, this.#root, value);
  }

  /** Throws if o has a field that the row does not have, or a value that is no number where the field is one. */
  check(o: RowObject, what: string): void {
    const names = Array.from((this.#root as Exclude<Node, number>).parts.keys(), (name) => ({ name }));
    for (const key of Object.keys(o)) indexOf(names, key.split(".")[0]!, what);
    for (const f of this.schema.fields) {
      if (f.kind !== FieldKind.int && f.kind !== FieldKind.fixed) continue; // a real may be NaN, as in Go
      const v = at(o, f.path);
      if (v !== undefined && (typeof v === "object" || Number.isNaN(Number(v)))) {
        throw new TypeError(`arbiter-client: ${what} "${f.path}" is ${String(v)}; it has to be a number`);
      }
    }
  }

  /** The cells of o; of fields it lacks, those of defaults. */
  cells(o: RowObject, defaults: Cells): Cell[] {
    return this.schema.fields.map((f, k) => {
      const v = at(o, f.path);
      return v === undefined ? defaults[k]! : write(f, v);
    });
  }
}

function addNode(into: Node, path: string[], field: number): void {
  const parts = (into as Exclude<Node, number>).parts;
  const [key, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    parts.set(key, field);
    return;
  }
  let next = parts.get(key);
  if (next === undefined) {
    next = { list: /^\d+$/.test(rest[0]!), parts: new Map() };
    parts.set(key, next);
  }
  addNode(next, rest, field);
}

function fill(o: RowObject, p: Node, value: (field: number) => unknown): void {
  for (const [key, part] of (p as Exclude<Node, number>).parts) {
    if (typeof part === "number") o[key] = value(part);
    else fill((o[key] ??= part.list ? [] : {}), part, value);
  }
}

/** The value at a path. */
export function at(o: RowObject, path: string): unknown {
  if (path in o) return o[path];
  let v: unknown = o;
  for (const key of path.split(".")) v = (v as RowObject | undefined)?.[key];
  return v;
}

/** A table: its rows, by ascending id. */
export interface Table<Row> extends Iterable<Row> {
  readonly size: number;
  get(id: number): Row | undefined;
  has(id: number): boolean;
  /** The row at an index, in the order of ids. */
  at(index: number): Row | undefined;
}

/** A table whose rows become objects when they are read. */
export class Rows implements Table<RowObject> {
  readonly #shape: Shape | undefined;

  constructor(
    protected readonly block: () => Block,
    shape?: Shape,
  ) {
    this.#shape = shape;
  }

  get size(): number {
    return this.block().ids.length;
  }

  get(id: number): RowObject | undefined {
    return this.at(find(this.block(), id));
  }

  has(id: number): boolean {
    return find(this.block(), id) >= 0;
  }

  at(index: number): RowObject | undefined {
    const { ids, rows } = this.block();
    return rows[index] && this.#shape!.object(ids[index]!, rows[index]);
  }

  *[Symbol.iterator](): Iterator<RowObject> {
    const { size } = this;
    for (let k = 0; k < size; k++) yield this.at(k)!;
  }
}
