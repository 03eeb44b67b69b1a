import assert from "node:assert/strict";
import { test } from "node:test";
import { appendAck } from "../src/wire/ack.ts";
import { parseBye } from "../src/wire/bye.ts";
import { appendHello } from "../src/wire/hello.ts";
import { add, int } from "../src/wire/int64.ts";
import { ProtocolError } from "../src/wire/message.ts";
import { appendPing } from "../src/wire/ping.ts";
import { parsePong } from "../src/wire/pong.ts";
import { Reader } from "../src/wire/reader.ts";
import { hex, type RowSchema } from "../src/wire/schema.ts";
import { appendRenew, parseRenewed } from "../src/wire/renew.ts";
import { parseSchema } from "../src/wire/schemawire.ts";
import { parseWelcome } from "../src/wire/welcome.ts";
import { Writer } from "../src/wire/writer.ts";
import { golden, unhex } from "./golden.ts";

for (const [file, append] of [
  ["ack", (f) => appendAck(f.tick)],
  ["ping", (f) => appendPing(f.clientTime)],
  ["renew", (f) => appendRenew(f.token)],
  [
    "hello",
    (f) =>
      appendHello({
        schemaHash: f.schemaHash ? unhex(f.schemaHash) : undefined,
        resume: f.resume ? unhex(f.resume) : undefined,
        lastTick: f.lastTick,
        needSchema: f.needSchema,
      }),
  ],
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
] as [string, (f: any) => Uint8Array][]) {
  test(`${file} is written as Go writes it`, () => {
    const cases = golden(file);
    assert.ok(cases.length >= 3);
    for (const c of cases) assert.equal(hex(append(c.fields)), c.hex, c.name);
  });
}

test("integers are written and read as Go does", () => {
  for (const c of golden("wire")) {
    const v = int(BigInt(c.fields.value));
    assert.equal(hex(new Writer(2, 0).int(v).biased(v).bytes().subarray(2)), c.hex, c.fields.value);
    const r = Reader.message(Uint8Array.of(0x93, 0, ...unhex(c.hex)), 0, "test");
    assert.equal(r.int(), v);
    assert.equal(r.biased(), v);
    assert.equal(add(v, 48) === v, false);
  }
});

test("bye and pong are read", () => {
  for (const c of golden("bye")) assert.deepEqual(parseBye(unhex(c.hex)), c.fields, c.name);
  for (const c of golden("pong")) {
    const { sinceTickMicros, ...fields } = c.fields;
    const p = parsePong(unhex(c.hex));
    assert.deepEqual(p, { ...fields, clientTime: Number(fields.clientTime), sinceTick: sinceTickMicros }, c.name);
  }
});

test("renewed is read", () => {
  for (const c of golden("renewed")) assert.deepEqual(parseRenewed(unhex(c.hex)), { left: c.fields.leftMs, refusal: c.fields.refusal }, c.name);
});

test("welcome is read", () => {
  for (const c of golden("welcome")) {
    const w = parseWelcome(unhex(c.hex));
    const { matchID, resumeWindowMs, sinceTickMicros, tokenLeftMs, resume, schema, ...fields } = c.fields;
    assert.deepEqual(
      { ...w, resume: w.resume ? hex(w.resume) : null, schema: undefined },
      { ...fields, match: matchID, resumeWindow: resumeWindowMs, tokenLeft: tokenLeftMs, sinceTick: sinceTickMicros / 1000, resume, schema: undefined },
      c.name,
    );
    assert.deepEqual(w.schema, schema ? parseSchema(unhex(schema)) : undefined, c.name);
  }
});

function rowFields(r: RowSchema) {
  return {
    name: r.name,
    public: r.public,
    owner: r.owner < 0 ? null : r.owner,
    single: r.single,
    fields: r.fields.map(({ bounded, ...f }) => ({
      ...f,
      step: f.step || null,
      wrap: f.wrap || null,
      min: bounded ? f.min : null,
      max: bounded ? f.max : null,
      maxLen: f.maxLen || null,
    })),
  };
}

test("schema is read", () => {
  for (const c of golden("schema")) {
    const s = parseSchema(unhex(c.hex));
    const got = {
      ...s,
      hash: hex(s.hash!),
      tables: s.tables.map(rowFields),
      events: s.events.map(rowFields),
      commands: s.commands.map(rowFields),
      input: rowFields(s.input),
    };
    assert.deepEqual(got, c.fields, c.name);
  }
});

for (const [file, parse] of [
  ["bye_refused", parseBye],
  ["renewed_refused", parseRenewed],
  ["welcome_refused", parseWelcome],
  ["schema_refused", parseSchema],
] as [string, (b: Uint8Array) => unknown][]) {
  test(`${file}: what Go refuses is refused`, () => {
    for (const c of golden(file)) assert.throws(() => parse(unhex(c.hex)), ProtocolError, c.name);
  });
}
