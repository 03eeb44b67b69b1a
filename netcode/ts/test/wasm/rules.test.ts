// With the module that "make wasm" builds: npm run test:wasm.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Inputs } from "../../src/core/inputs.ts";
import { Prediction } from "../../src/core/prediction.ts";
import { Module, WasmPredictor } from "../../src/prediction/wasm.ts";
import { View } from "../../src/view/view.ts";
import { recording } from "../recording.ts";

const file = process.env.RULES ?? new URL("../../../../bin/rules.wasm", import.meta.url);

async function rules(): Promise<Module> {
  assert.ok(existsSync(file), `${String(file)} is not there: run make wasm`);
  return Module.of(readFileSync(file));
}

for (const game of ["arena", "tag"]) {
  test(`${game}: the rules compiled for WASM predict what the server did, 6 ticks ahead`, async () => {
    const module = await rules();
    const rec = recording(game);
    const view = new View(rec.schema, rec.player);
    const inputs = new Inputs(rec.schema);
    const sim = new WasmPredictor(module, game, rec.schema, rec.player);
    const prediction = new Prediction(rec.schema, rec.player, sim, { half: 60, snap: 0 });
    const places = new Set<string>();
    let fed = 0;
    let corrections = 0;
    let surprises = 0;
    for (const s of rec.snapshots) {
      const u = view.apply(s.bytes);
      inputs.acknowledge(u.ackSeq, u.tick);
      const j = prediction.reconcile(u.tick, view.frame!, inputs);
      corrections += j.corrected ? 1 : 0;
      surprises += j.surprised ? 1 : 0;
      for (; fed < rec.inputs.length && rec.inputs[fed]!.tick <= u.tick + 6; fed++) {
        const { tick, kind, cells } = rec.inputs[fed]!;
        prediction.advance(tick - 1, inputs);
        if (kind >= 0) inputs.command(tick, kind, cells);
        else {
          inputs.set(cells, false);
          inputs.addEntry(tick, 0);
        }
      }
      prediction.advance(u.tick + 6, inputs);
      for (const i of sim.tables) places.add(JSON.stringify(prediction.at(u.tick + 6)![i], (_, v) => (typeof v === "bigint" ? String(v) : v)));
    }
    assert.ok(places.size > 100, `${places.size} different predictions`);
    assert.equal(corrections, 0);
    // the numbers of own bullets are guessed, and hits are the server's to judge
    assert.ok(surprises < rec.snapshots.length / 4, `${surprises} surprises`);
  });
}

test("rules of another schema are refused, and so is an unknown game", async () => {
  const module = await rules();
  const { schema } = recording("arena");
  assert.throws(() => new WasmPredictor(module, "tag", schema, 1), /differ from the server/);
  assert.throws(() => new WasmPredictor(module, "chess", schema, 1), /no game "chess"/);
});

test("predictors are released", async () => {
  const module = await rules();
  const { schema } = recording("arena");
  for (let k = 0; k < 200; k++) new WasmPredictor(module, "arena", schema, 1).close();
});
