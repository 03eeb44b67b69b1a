import assert from "node:assert/strict";
import { test } from "node:test";
import { Inputs } from "../src/core/inputs.ts";
import { Prediction } from "../src/core/prediction.ts";
import { StepPredictor } from "../src/prediction/steps.ts";
import { frameSum } from "../src/view/check.ts";
import { ended } from "../src/client/status.ts";
import { actionOf, codes, textOf } from "../src/wire/codes.ts";
import { ProtocolError } from "../src/wire/message.ts";
import { hex } from "../src/wire/schema.ts";
import { View } from "../src/view/view.ts";
import { flyShip } from "./arena.ts";
import { snapshot } from "./encode.ts";
import { chance, data, recording, type Recording } from "./recording.ts";

test("the close codes are Go's, whose sentences the server sends where they are not known here", () => {
  const table = data("codes") as { code: number; text: string; action: string }[];
  for (const { code, text, action } of table) {
    const { reason, ...is } = ended(code, text);
    assert.deepEqual({ ...is, text: reason }, { code, text, action });
    if (code in codes) assert.equal(textOf(code), text);
  }
  assert.ok(Object.keys(codes).every((c) => table.some((row) => row.code === Number(c))));
  assert.equal(ended(4200, "blue wins").reason, "The match is over. (blue wins)");
  assert.match(ended(4999, "").reason, /does not know/);
  assert.deepEqual([4077, 4177, 4277, 3999].map(actionOf), ["resume", "reconnect", "give up", "give up"]);
});

/** A view that has applied the first n snapshots. */
function viewOf(rec: Recording, n: number): View {
  const view = new View(rec.schema, rec.player);
  for (const s of rec.snapshots.slice(0, n)) view.apply(s.bytes);
  return view;
}

for (const game of ["arena", "tag"]) {
  test(`${game}: a recorded stream gives Go's tables, hashes and input log`, () => {
    const rec = recording(game);
    const view = new View(rec.schema, rec.player);
    const inputs = new Inputs(rec.schema);
    let fed = 0;
    let tables = 0;
    for (const s of rec.snapshots) {
      const u = view.apply(s.bytes);
      for (; fed < u.ackSeq; fed++) {
        const x = rec.inputs[fed]!;
        if (x.kind >= 0) inputs.command(x.tick, x.kind, x.cells);
        else {
          inputs.set(x.cells, false);
          assert.ok(inputs.addEntry(fed + 1e6, 0)); // ticks are not in the digest, and the recording's may be past
        }
      }
      inputs.acknowledge(u.ackSeq, u.tick);
      assert.equal(u.check!.mismatch, false, `tick ${u.tick}`);
      assert.deepEqual(inputs.compare(u.check!.applied, u.check!.inputsHash), { lost: 0, repeated: 0 });
      if (!s.tables) continue;
      tables++;
      assert.deepEqual(view.frame!.tables, s.tables, `tick ${u.tick}`);
    }
    assert.ok(tables > 10 && fed > 20);
  });

  test(`${game}: the tests' own server writes what Go writes`, () => {
    const rec = recording(game);
    const view = new View(rec.schema, rec.player);
    let acked = 0;
    rec.snapshots.forEach((s, n) => {
      const u = view.apply(s.bytes);
      const [now, base] = [view.back(0)!, n > 0 ? view.back(1) : undefined];
      const prev = base?.from ? view.at(base.from) : undefined;
      const events = u.events.map((e) => ({ kind: e.kind, age: u.tick - e.tick, cells: e.cells }));
      const sum = u.check!;
      const b = snapshot(rec.schema, now, base, prev, {
        absolute: n === 0,
        ackSeq: u.ackSeq - acked,
        slack: u.slack,
        player: rec.player,
        events,
        check: { applied: sum.applied, hash: sum.inputsHash, sum: frameSum(rec.schema, now, rec.player), ackEvery: sum.ackEvery },
      });
      assert.equal(hex(b), hex(s.bytes), `tick ${u.tick}`);
      acked = u.ackSeq;
    });
  });

  test(`${game}: a damaged snapshot is refused, or read, and never breaks the view`, () => {
    const rec = recording(game);
    const random = chance(5);
    const view = new View(rec.schema, rec.player);
    let refused = 0;
    let twin = viewOf(rec, 0);
    for (const [at, s] of rec.snapshots.slice(0, 60).entries()) {
      const before = view.frame;
      for (let n = 0; n < s.bytes.length; n++) {
        assert.throws(() => view.apply(s.bytes.subarray(0, n)), ProtocolError, `first ${n} bytes`);
      }
      assert.equal(view.frame, before);
      for (let n = 0; n < 50; n++) {
        const bad = s.bytes.slice();
        for (let k = random() * 3; k >= 0; k--) bad[Math.floor(random() * bad.length)] = Math.floor(random() * 256);
        try {
          twin.apply(bad);
          twin = viewOf(rec, at);
        } catch (e) {
          assert.ok(e instanceof ProtocolError, String(e));
          refused++;
        }
      }
      view.apply(s.bytes);
      twin.apply(s.bytes);
    }
    assert.ok(refused > 500);
  });
}

test("a step in JavaScript predicts arena's own ship exactly, but for hits", () => {
  const rec = recording("arena");
  const view = new View(rec.schema, rec.player);
  const inputs = new Inputs(rec.schema);
  const sim = new StepPredictor(rec.schema, rec.player, { Ships: flyShip }, () => undefined);
  const prediction = new Prediction(rec.schema, rec.player, sim, { half: 60, snap: 0 });
  const ships = rec.schema.tables.findIndex((t) => t.name === "Ships");
  const x = rec.schema.tables[ships]!.fields.findIndex((f) => f.path === "X");
  const ahead = 6;
  let fed = 0;
  let moved = 0;
  let corrections = 0;
  let judged = 0;
  let last: unknown;
  for (const s of rec.snapshots) {
    const u = view.apply(s.bytes);
    inputs.acknowledge(u.ackSeq, u.tick);
    const j = prediction.reconcile(u.tick, view.frame!, inputs);
    if (j.corrected) corrections++;
    judged++;
    for (; fed < rec.inputs.length && rec.inputs[fed]!.tick <= u.tick + ahead; fed++) {
      const { tick, kind, cells } = rec.inputs[fed]!;
      prediction.advance(tick - 1, inputs);
      if (kind >= 0) inputs.command(tick, kind, cells);
      else {
        inputs.set(cells, false);
        inputs.addEntry(tick, 0);
      }
    }
    prediction.advance(u.tick + ahead, inputs);
    const at = prediction.at(u.tick + ahead)![ships]!.rows[0]?.[x];
    if (at !== last) moved++;
    last = at;
  }
  assert.ok(moved > 200, `the ship moved in ${moved} snapshots`);
  assert.equal(judged, rec.snapshots.length);
  assert.equal(corrections, 0);
});
