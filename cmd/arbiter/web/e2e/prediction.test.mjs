import assert from "node:assert/strict";
import { test } from "node:test";
import { bench, browse } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";

const attempts = 6;
const longest = 24; // ms between two looks of a timer of 4 ms, or by which a snapshot is late, on a machine that has time

// A correction is right when an input came too late for its tick, and one does
// when this machine leaves the page or the server without a processor for
// longer than the lead of the prediction bridges. So the 20 s begin anew if
// the page or what it was sent was held up; else every correction counts.
test("at 150 ms the own ship is never corrected in 20 s, and flies ahead of the server's word", async (t) => {
  const server = await serve(t);
  for (let n = 1; ; n++) {
    const page = await bench(await browse(t), server);
    const got = await page.evaluate(flyFor, { ms: 20_000, longest });
    t.diagnostic(JSON.stringify(got));
    assert.deepEqual(page.complaints, []);
    assert.deepEqual([got.checked > 10, got.mismatches, got.lost, got.repeated], [true, 0, 0, 0]);
    await page.context().browser().close();
    if (got.corrections + got.surprises > 0 && got.held.length > 0 && n < attempts) {
      t.diagnostic(`this machine was held up (ms: ${got.held.join(", ")}): once more`);
      continue;
    }
    assert.ok(got.travelled > 2000, "the ship travelled");
    assert.ok(got.inputs > 40, "inputs changed all the time");
    assert.ok(got.snapshots > 400, "the server had its say all the time");
    assert.ok(got.rtt > 150 && got.rtt < 250, "the line was slow");
    assert.ok(got.ahead > 5, "the prediction was ahead of the server's word");
    assert.equal(got.corrections, 0);
    assert.equal(got.surprises, 0);
    return;
  }
});

/** Flies about for so many ms and says what the server's word changed of it. */
async function flyFor({ ms, longest }) {
  const { room } = await e2e.join({ game: "arena", latency: 150, predicts: true });
  const stop = e2e.fly(room);
  const ahead = [];
  const held = [];
  let was;
  let travelled = 0;
  const begun = { ...room.stats };
  let heard = performance.now();
  room.onSnapshot(() => {
    const gap = performance.now() - heard;
    if (gap > 1000 / room.schema.snapshotRate + longest) held.push(`snapshot ${Math.round(gap)}`);
    heard += gap;
    const [now] = room.own("Ships");
    const server = e2e.rowOf(room.state.Ships, room.player);
    if (was) travelled += Math.hypot(now.X - was.X, now.Y - was.Y);
    ahead.push(Math.hypot(now.X - server.X, now.Y - server.Y));
    was = now;
  });
  const begin = performance.now();
  let looked = begin;
  await e2e.until(() => {
    const now = performance.now();
    if (now - looked > longest) held.push(`page ${Math.round(now - looked)}`);
    looked = now;
    return now > begin + ms;
  }, "the end", ms * 2);
  stop();
  const s = e2e.figures(room);
  return {
    travelled, held, ahead: ahead.sort((a, b) => a - b)[ahead.length >> 1], snapshots: ahead.length,
    corrections: s.corrections - begun.corrections, surprises: s.surprises - begun.surprises, late: s.inputsLate - begun.inputsLate,
    largest: s.largest, rtt: s.rtt, lead: s.lead, slack: s.slack, inputs: s.inputsSent,
    checked: s.hashChecks, mismatches: s.hashMismatches, lost: s.inputsLost, repeated: s.inputsRepeated,
  };
}
