import assert from "node:assert/strict";
import { test } from "node:test";
import { testPage, browse } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";

const names = Array.from({ length: 40 }, (_, i) => `name ${i + 1}`);

test("a dropped client takes up its seat again, and no input or command is lost or repeated", async (t) => {
  const server = await serve(t, "--games", "arena");
  const page = await testPage(await browse(t), server);
  const got = await page.evaluate(dropsInFlight, names);
  t.diagnostic(JSON.stringify(got));
  assert.deepEqual(got.phases.slice(0, 4), ["playing", "resuming", "playing", "resuming"]);
  assert.deepEqual([got.figures.phase, got.figures.seats, got.figures.resumes, got.phases.length], ["playing", 1, 6, 13]);
  assert.equal(got.samePlayer, true);
  assert.ok(got.figures.inputsSent > 55 && got.figures.inputsApplied === got.figures.inputsSent, "every input was applied");
  assert.deepEqual([got.figures.inputsLost, got.figures.inputsRepeated, got.figures.inputsAbandoned], [0, 0, 0]);
  assert.ok(got.figures.hashChecks > 3);
  assert.deepEqual([got.figures.hashMismatches, got.figures.errors], [0, 0]);
  assert.ok(got.figures.keyframes <= 1 + 6, "at most one keyframe for each connection");
  assert.ok(got.seen.length > 10, "a bystander saw it being renamed");
  assert.deepEqual(got.seen, names.filter((n) => got.seen.includes(n)), "in order, none twice");
  assert.equal(got.seen.at(-1), names.at(-1));
  assert.ok(got.travelled > 100, "and fly");
});

/** Flies and asks for names, while its connection is cut six times, in two ways. */
async function dropsInFlight(names) {
  const { room, link, phases } = await e2e.join({ game: "arena", latency: 80, predicts: true });
  const bystander = (await e2e.join({ game: "arena", match: room.match, spectate: true })).room;
  const { player } = room;
  const seen = [];
  let travelled = 0;
  bystander.onChanged("Pilots", (is, was) => is.Player === player && is.Name !== was.Name && seen.push(is.Name));
  bystander.onChanged("Ships", (is, was) => is.Player === player && (travelled += Math.hypot(is.X - was.X, is.Y - was.Y)));
  const stop = e2e.fly(room);
  const asking = [...names];
  const timer = setInterval(() => {
    for (let turn = 0; turn < 3; turn++) room.input({ Turn: (asking.length + turn) % 3 - 1 });
    if (asking.length && room.command("Renames", { Name: asking[0] })) asking.shift();
  }, 100);
  const playing = () => room.status.phase === "playing";
  for (let n = 0; n < 6; n++) {
    const { snapshots } = room.stats;
    await e2e.until(() => playing() && room.stats.snapshots > snapshots + 10, "the client to play");
    if (n % 2) link.cut();
    else room.drop();
    await e2e.until(() => !playing(), "the drop to be noticed");
  }
  await e2e.until(() => playing() && asking.length === 0, "all names to be asked for");
  clearInterval(timer);
  stop();
  const { hashChecks } = room.stats;
  await e2e.until(() => room.tick > 0 && room.stats.pending === 0 && room.stats.hashChecks > hashChecks + 1, "the last checks");
  await e2e.until(() => seen.at(-1) === names.at(-1), "the bystander");
  return { figures: e2e.figures(room), phases, samePlayer: room.player === player, seen, travelled };
}

test("a dropped client hears of each event exactly once", async (t) => {
  const server = await serve(t, "--games", "tag");
  const page = await testPage(await browse(t), server);
  const got = await page.evaluate(dropsInTag);
  t.diagnostic(`${got.all.length} touches, ${got.figures.resumes} resumes`);
  assert.ok(got.all.length >= 4, "there were touches");
  assert.ok(got.figures.resumes >= 4, "and drops");
  assert.deepEqual(got.heard, got.all);
  assert.deepEqual([got.figures.seats, got.figures.inputsLost, got.figures.inputsRepeated, got.figures.hashMismatches], [1, 0, 0, 0]);
});

/** Plays tag with two who run into each other, and is cut again and again. */
async function dropsInTag() {
  const { room } = await e2e.join({ game: "tag" });
  const { match } = room;
  const bystander = (await e2e.join({ game: "tag", match, spectate: true })).room;
  const heard = [];
  const all = [];
  room.onEvent("Touches", (e, tick) => heard.push({ ...e, tick }));
  bystander.onEvent("Touches", (e, tick) => all.push({ ...e, tick }));
  const runners = [room, (await e2e.join({ game: "tag", match })).room, (await e2e.join({ game: "tag", match })).room];
  const timer = setInterval(() => {
    for (const r of runners) {
      const own = e2e.rowOf(r.state.Runners, r.player);
      if (own) r.input({ X: Math.sign(50 - Math.round(own.X)), Y: Math.sign(50 - Math.round(own.Y)) });
    }
  }, 50);
  await e2e.until(() => all.length > 0, "the first touch", 15_000);
  for (let n = 0; n < 4; n++) {
    const { length } = all;
    room.drop();
    await e2e.until(() => all.length > length && room.status.phase === "playing", "a touch");
  }
  clearInterval(timer);
  const { tick } = all.at(-1);
  let newest = 0;
  room.onSnapshot((s) => (newest = s.tick));
  await e2e.until(() => newest > tick + 5, "the client to catch up");
  return { heard, all: all.filter((e) => e.tick <= newest), figures: e2e.figures(room) };
}
