import assert from "node:assert/strict";
import { test } from "node:test";
import { testPage, browse } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";

const latency = 250; // ms
const pairs = [3, 3, 2]; // shots of each: three hits end a ship

test("at 250 ms a player who aims at what they see hits 8 of 8 with lag compensation, and at most 2 of 8 without", async (t) => {
  const server = await serve(t, "--games", "arena,arena-uncompensated");
  const page = await testPage(await browse(t), server);
  const shoot = (game) => Promise.all(pairs.map((shots) => page.evaluate((o) => e2e.range(o), { game, shots, latency, patience: 250_000 })));
  const on = (await shoot("arena")).flat();
  const off = (await shoot("arena-uncompensated")).flat();
  for (const [name, shots] of [["with", on], ["without", off]]) {
    t.diagnostic(`${name}: ${shots.map((s) => `${s.hit ? "hit" : "miss"} ${Math.round(s.late * 1000)} ms ${Math.round(s.speed)} u/s`).join(", ")}`);
    assert.equal(shots.length, 8);
    assert.ok(shots.every((s) => s.rtt >= latency));
    const late = shots.map((s) => s.late).sort((a, b) => a - b)[4];
    assert.ok(late > 0.12, "the target was seen late");
  }
  const hits = (shots) => shots.filter((s) => s.hit).length;
  assert.equal(hits(on), 8);
  assert.ok(hits(off) <= 2, `${hits(off)} of 8 hit without compensation`);
  assert.deepEqual(page.complaints, []);
});
