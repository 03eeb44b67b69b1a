import { decode, Fault } from "./message.ts";
import { Reader } from "./reader.ts";
import { Codec, FieldKind, Interp, type Field, type RowSchema, type Schema } from "./schema.ts";

const maxName = 1024; // bytes of a name or path
const maxItems = 256; // of one array, with those this version does not know
const maxTables = 32;
const maxQueues = 32;
const maxFields = 64;
const maxInputCells = 16;
const maxTextLen = 256;

/** Parses a schema that stands alone. */
export function parseSchema(b: Uint8Array): Schema {
  return readSchema(new Reader([decode(b)], "schema"));
}

/**
 * Reads the schema that comes next:
 *
 *     schema: [game, tickRate, snapshotRate, rewinds, hash, tables, events, commands, input]
 *     row:    [name, public, owner, single, fields]
 *     field:  [path, kind, step, wrap, min, max, codec, owner, interp, maxLen, unsigned?]
 */
export function readSchema(from: Reader): Schema {
  const r = known(from, 9);
  const s: Schema = {
    game: r.text(maxName),
    tickRate: r.uint(1000),
    snapshotRate: r.uint(1000),
    rewinds: r.flag(),
    hash: r.nil() ? undefined : r.bin(8),
    tables: readRows(r, maxTables),
    events: readRows(r, maxQueues),
    commands: readRows(r, maxQueues),
    input: readRow(r),
  };
  const packs = s.input.fields.every((f) => f.kind !== FieldKind.text && f.kind !== FieldKind.real);
  if (!packs || s.input.fields.length > maxInputCells) r.fail();
  return s;
}

function known(from: Reader, items: number): Reader {
  const r = from.list(maxItems);
  if (r.left < items) r.fail(Fault.truncated);
  return r;
}

function readRows(from: Reader, max: number): RowSchema[] {
  const r = from.list(max);
  const rows = [];
  while (r.left > 0) rows.push(readRow(r));
  return rows;
}

function readRow(from: Reader): RowSchema {
  const r = known(from, 5);
  const row = {
    name: r.text(maxName),
    public: r.uint(maxFields),
    owner: r.nil() ? -1 : r.uint(maxFields),
    single: r.flag(),
    fields: [] as Field[],
  };
  const fields = r.list(maxFields);
  while (fields.left > 0) row.fields.push(readField(fields));
  if (row.public > row.fields.length || row.owner >= row.public) r.fail();
  return row;
}

function readField(from: Reader): Field {
  const r = known(from, 10);
  const path = r.text(maxName);
  const kind = r.uint(FieldKind.text);
  const step = r.nil() ? 0 : r.float();
  const wrap = r.nil() ? 0 : r.uint(2 ** 31);
  const bounded = !r.nil();
  const min = bounded ? r.int() : 0;
  const max = bounded ? r.int() : 0;
  if (!bounded && !r.nil()) r.fail(Fault.type);
  const f: Field = {
    path,
    kind,
    step,
    wrap,
    min,
    max,
    bounded,
    codec: r.uint(Codec.absolute),
    owner: r.flag(),
    interp: r.uint(Interp.snap),
    maxLen: r.nil() ? 0 : r.uint(maxTextLen),
    unsigned: !r.nil() && r.flag(),
  };
  const fixed = (kind === FieldKind.fixed) === step > 0 && step < Infinity;
  if (kind === 0 || min > max || !fixed || (kind === FieldKind.text) !== f.maxLen > 0) r.fail();
  return f;
}
