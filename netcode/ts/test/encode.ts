import { noRows, rowOf, type Block, type Cells, type Frame } from "../src/view/frame.ts";
import { add, lead, residual, type Cell, type Int } from "../src/wire/int64.ts";
import { Kind } from "../src/wire/message.ts";
import { Codec, FieldKind, type Field, type Schema } from "../src/wire/schema.ts";
import { Writer } from "../src/wire/writer.ts";

// The server's half of a snapshot, for doubles. What it writes is compared with
// what Go writes.

type Put = (w: Writer) => void;

/** What a snapshot says beside state. */
export interface Extra {
  readonly absolute: boolean;
  readonly ackSeq: number; // as it is written: the increase, if not absolute
  readonly slack?: number | undefined;
  readonly player: number;
  readonly events?: readonly { readonly kind: number; readonly age: number; readonly cells: Cells }[];
  readonly check?: { readonly applied: number; readonly hash: number; readonly sum: number; readonly ackEvery?: number | undefined };
}

/** A snapshot of now as a difference to base, which itself was one to prev. */
export function snapshot(s: Schema, now: Frame, base: Frame | undefined, prev: Frame | undefined, x: Extra): Uint8Array<ArrayBuffer> {
  const runs: Put[][] = [[], [], []];
  const own: Put[] = [];
  s.tables.forEach((t, i) => {
    const [a, b] = [now.tables[i]!, base?.tables[i] ?? noRows];
    const parts: Put[][] = [[], [], []];
    const rows = [0, 0, 0];
    let updated = -1;
    let left = -1;
    let entered = 0;
    const masks: string[] = [];
    const num = base ? now.tick - base.tick : 0;
    const den = base && prev ? base.tick - prev.tick : 0;
    merge(a, b, (id, k, j) => {
      if (j < 0) {
        const step = id - entered - 1;
        entered = id;
        rows[2]!++;
        parts[2]!.push(int(step), ...t.fields.slice(0, t.public).map((f, n) => cell(f, a.rows[k]![n]!)));
      } else if (k < 0) {
        parts[1]!.push(int(j - left - 1));
        left = j;
        rows[1]!++;
      } else {
        const before = prev && rowOf(prev.tables[i]!, id);
        const changed = changes(t.fields, t.public, a.rows[k]!, b.rows[j]!, before, num, den);
        if (changed.length === 0) return;
        parts[0]!.push(...key(t.public, j - updated - 1, changed.map((c) => c.field), masks), ...changed.map((c) => c.put));
        updated = j;
        rows[0]!++;
      }
    });
    parts.forEach((p, n) => {
      if (rows[n]! > 0) runs[n]!.push(int(i), int(rows[n]!), ...p);
    });
    own.push(...ownSection(s, i, a, b, x.player));
  });
  const events = (x.events ?? []).flatMap((e) => [
    int(e.kind),
    int(e.age),
    ...s.events[e.kind]!.fields.map((f, k) => cell(f, e.cells[k]!)),
  ]);
  const full = runs.findLastIndex((run) => run.length > 0) + 1;
  const w = new Writer(6 + full, Kind.snapshot);
  if (x.absolute) w.int(now.tick);
  else w.nil();
  w.int(base ? now.tick - base.tick : 0).int(x.ackSeq);
  if (x.slack === undefined) w.nil();
  else w.biased(x.slack);
  if (own.length + events.length > 0 || x.check) {
    w.array(3);
    list(w, own);
    list(w, events);
    if (x.check) {
      const { sum, applied, hash, ackEvery } = x.check;
      w.array(ackEvery ? 4 : 3).int(sum).int(applied).int(hash);
      if (ackEvery) w.int(ackEvery);
    }
    else w.nil();
  } else {
    w.nil();
  }
  for (const run of runs.slice(0, full)) {
    w.array(run.length);
    for (const put of run) put(w);
  }
  return w.bytes();
}

function merge(a: Block, b: Block, row: (id: number, k: number, j: number) => void): void {
  const ids = [...new Set([...a.ids, ...b.ids])].sort((x, y) => x - y);
  for (const id of ids) row(id, a.ids.indexOf(id), b.ids.indexOf(id));
}

interface Change {
  readonly field: number;
  readonly put: Put;
}

function changes(fields: readonly Field[], n: number, is: Cells, was: Cells, before: Cells | undefined, num: number, den: number): Change[] {
  const out: Change[] = [];
  for (let k = 0; k < n; k++) {
    const f = fields[k]!;
    let expected = was[k]!;
    if (f.codec === Codec.linear && before) {
      expected = add(expected as Int, lead(residual(expected as Int, before[k] as Int, f.wrap), num, den));
    }
    if (f.codec === Codec.absolute ? is[k] === expected : residual(is[k] as Int, expected as Int, f.wrap) === 0) continue;
    const put = f.codec === Codec.absolute ? cell(f, is[k]!) : (w: Writer) => w.biased(residual(is[k] as Int, expected as Int, f.wrap));
    out.push({ field: k, put });
  }
  return out;
}

function key(fields: number, step: number, changed: number[], masks: string[]): Put[] {
  const mask = words(fields, changed);
  if (fields <= 4) return [int(step * 2 ** fields + mask[0]!)];
  const known = masks.indexOf(mask.join());
  if (known >= 0) return [int(step * 8 + known)];
  if (masks.length < 7) masks.push(mask.join());
  return [int(step * 8 + 7), ...mask.map(int)];
}

function words(fields: number, changed: number[]): number[] {
  const mask = Array.from({ length: Math.ceil(fields / 32) }, () => 0);
  for (const k of changed) mask[k >> 5]! += 2 ** (k & 31);
  return mask;
}

function ownSection(s: Schema, i: number, a: Block, b: Block, player: number): Put[] {
  const t = s.tables[i]!;
  const out: Put[] = [];
  let rows = 0;
  let last = 0;
  if (t.owner < 0 || player === 0 || t.public === t.fields.length) return [];
  a.ids.forEach((id, k) => {
    const is = a.rows[k]!;
    if (is[t.owner] !== player) return;
    const old = rowOf(b, id);
    const was = old && old[t.owner] === player ? old : t.fields.map((f) => (f.kind === FieldKind.text ? "" : 0) as Cell);
    const changed = t.fields.flatMap((_, n) => (n >= t.public && is[n] !== was[n] ? [n] : []));
    if (changed.length === 0) return;
    const own = changed.map((n) => n - t.public);
    out.push(int(id - last - 1), ...words(t.fields.length - t.public, own).map(int));
    for (const n of changed) {
      const f = t.fields[n]!;
      out.push(f.codec === Codec.absolute ? cell(f, is[n]!) : (w) => w.biased(residual(is[n] as Int, was[n] as Int, f.wrap)));
    }
    last = id;
    rows++;
  });
  return rows > 0 ? [int(i), int(rows), ...out] : [];
}

const int = (v: Int): Put => (w) => w.int(v);

export function cell(f: Field, c: Cell): Put {
  return (w) => (f.kind === FieldKind.text ? w.text(c as string) : f.kind === FieldKind.real ? w.float(c as number) : w.int(c as Int));
}

function list(w: Writer, items: readonly Put[]): void {
  if (items.length === 0) w.nil();
  else {
    w.array(items.length);
    for (const put of items) put(w);
  }
}

