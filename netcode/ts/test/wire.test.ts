import assert from "node:assert/strict";
import { test } from "node:test";
import { InputDigest } from "../src/wire/inputdigest.ts";
import { InputWriter } from "../src/wire/inputs.ts";
import { frameSum } from "../src/view/check.ts";
import { Packing } from "../src/wire/packing.ts";
import { hex, type RowSchema } from "../src/wire/schema.ts";
import { Reader } from "../src/wire/reader.ts";
import { readCell } from "../src/view/decode.ts";
import type { Cell } from "../src/wire/int64.ts";
import { parseSchema } from "../src/wire/schemawire.ts";
import { Shape, write } from "../src/core/rows.ts";
import { View } from "../src/view/view.ts";
import { Resumption } from "../src/wire/welcome.ts";
import { Writer } from "../src/wire/writer.ts";
import { cellsOf, golden, schemaOf, unhex } from "./golden.ts";

function packed(p: Packing, cells: Parameters<Packing["append"]>[1]): string {
  const w = new Writer(0, 0);
  p.append(w, cells);
  return hex(w.bytes().subarray(2));
}

test("inputs are packed as Go packs them", () => {
  for (const c of golden("packing")) {
    assert.equal(packed(new Packing(schemaOf(c.on!).input), c.fields.cells), c.hex, c.name);
  }
});

/** The cells of a command of which the golden file has only the bytes. */
function written(bytes: string, s: RowSchema): Cell[] {
  const kind = parseInt(bytes.slice(0, 2), 16);
  const r = Reader.message(Uint8Array.of(0x91 + s.fields.length, ...unhex(bytes)), kind, "test");
  return s.fields.map((f) => readCell(r, f));
}

for (const file of ["inputs", "command"]) {
  test(`${file} are written as Go writes them`, () => {
    const writers = new Map<string, InputWriter>();
    for (const c of golden(file)) {
      const s = schemaOf(c.on!);
      let w = writers.get(c.on!);
      if (!w) writers.set(c.on!, (w = new InputWriter(s, new Packing(s.input))));
      const { kind, seq, entries, ack, cells, texts } = c.fields;
      const b = entries
        ? w.inputs(entries, ack ?? undefined)
        : w.command({ seq, kind, cells: cellsOf(s.commands[kind]!, cells, texts) });
      assert.equal(hex(b), c.hex, c.name);
    }
  });
}

test("the input digest is the same as Go's", () => {
  const digests = new Map<string, InputDigest>();
  for (const c of golden("inputdigest")) {
    const s = schemaOf(c.on!);
    let digest = digests.get(c.on!);
    if (!digest) digests.set(c.on!, (digest = new InputDigest()));
    const { cells, kind, texts, count, hash, bits } = c.fields;
    if (kind === undefined) digest.input(new Packing(s.input), cells);
    else digest.command(kind, s.commands[kind]!, cells ? cellsOf(s.commands[kind]!, cells, texts) : written(c.hex, s.commands[kind]!));
    assert.deepEqual([digest.count, digest.hash, bits], [count, hash, bits], `${c.on} ${c.name}`);
  }
});

test("snapshots are applied as Go does", () => {
  const cases = golden("snapshot");
  const s = parseSchema(unhex(cases[0]!.hex));
  const view = new View(s, 1);
  let checks = 0;
  let keyframes = 0;
  for (const c of cases.slice(1)) {
    const { tables, tick, sum, events, resumed, ...fields } = c.fields;
    if (resumed) view.connect(Resumption.resumed);
    const u = view.apply(unhex(c.hex));
    const f = view.frame!;
    assert.deepEqual(
      { ackEvery: u.check?.ackEvery ?? 0, ackSeq: u.ackSeq, checked: u.check !== undefined, keyframe: u.keyframe, mismatch: u.check?.mismatch ?? false, slack: u.slack },
      fields,
      `tick ${tick}`,
    );
    assert.equal(f.tick, tick);
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    tables.forEach((t: any, i: number) => {
      const row = s.tables[i]!;
      const ids = t.IDs ?? [];
      assert.deepEqual(f.tables[i]!.ids, ids, `tick ${tick} ${row.name}`);
      const width = row.fields.length;
      const rows = ids.map((_: number, k: number) => cellsOf(row, t.Cells.slice(k * width, (k + 1) * width), t.Texts));
      assert.deepEqual(f.tables[i]!.rows, rows, `tick ${tick} ${row.name}`);
    });
    assert.deepEqual(
      u.events,
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      events.map((e: any) => ({ kind: e.kind, tick: e.tick, cells: cellsOf(s.events[e.kind]!, e.cells, e.texts) })),
    );
    assert.equal(frameSum(s, f, 1), sum, `hash at tick ${tick}`);
    checks += u.check ? 1 : 0;
    keyframes += u.keyframe ? 1 : 0;
  }
  assert.ok(checks > 0 && keyframes > 0);
});

// What a value was given as, or arrived as, in Go's words.
function number(text: string, exact: boolean): unknown {
  if (text === "true" || text === "false") return text === "true";
  if (exact && /^-?\d+$/.test(text)) return BigInt(text);
  return Number(text.replace("Inf", "Infinity"));
}

test("every number arrives, or the nearest that its field can hold, as in Go", () => {
  const cases = golden("extremes");
  const s = parseSchema(unhex(cases.shift()!.hex));
  const shape = new Shape(s.commands[0]!);
  const none = s.commands[0]!.fields.map((f) => write(f, undefined));
  const view = new View(s, 0);
  view.connect(Resumption.fresh);
  const rows = new Shape(s.tables[0]!);
  cases.forEach((c, i) => {
    const { field, given, arrives, snapshot } = c.fields;
    // both as a Number and, if it is whole, as a bigint
    const values = [number(given, false), number(given, true)];
    if (given === "-0") values.pop(); // no bigint
    if (Number.isInteger(values[0]) && !Number.isSafeInteger(values[0])) values.shift(); // has lost digits
    for (const v of values) {
      const cells = shape.cells({ [field]: v }, none);
      const one = new InputWriter(s, new Packing(s.input));
      if (i > 0) one.command({ seq: i, kind: 0, cells: none });
      assert.equal(hex(one.command({ seq: i + 1, kind: 0, cells })), c.hex, `${c.name} given as ${typeof v}`);
      const k = s.input.fields.findIndex((f) => f.path === field);
      if (k < 0) continue;
      const held = s.input.fields.map((f, n) => write(f, n === k ? v : undefined));
      assert.equal(packed(new Packing(s.input), held), c.fields.input, `${c.name} as an input, given as ${typeof v}`);
    }
    const u = view.apply(unhex(snapshot));
    assert.equal(u.check?.mismatch, false, `${c.name}: check`);
    const row = rows.object(1, view.frame!.tables[0]!.rows[0]!);
    const want = number(arrives, typeof row[field] === "bigint");
    const is = field === "F32" ? Math.fround(row[field]) : row[field];
    assert.ok(Object.is(is, field === "F32" ? Math.fround(want as number) : want), `${c.name} arrives as ${row[field]}, want ${arrives}`);
  });
});
