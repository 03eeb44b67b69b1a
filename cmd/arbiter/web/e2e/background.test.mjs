import assert from "node:assert/strict";
import { test } from "node:test";
import { testPage, testTab, browse, browseTabs } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";
import { until } from "./fixtures/until.mjs";

const away = 30_000; // ms
const frozenFor = 20_000; // of them: a seat is kept for 30 s after a browser cut its connection

// Two tabs are hidden: their timers run once a second and nothing is drawn. One
// of them is then frozen: nothing of it runs at all. Meanwhile a ship flies in a
// third page.
test("a tab comes back from 30 s in the background without a storm of keyframes", async (t) => {
  const server = await serve(t, "--games", "arena");
  const elsewhere = await testPage(await browse(t), server);
  const window = await browseTabs(t);
  const hidden = await testTab(window, server);
  const frozen = await testTab(window, server);
  for (const page of [elsewhere, hidden, frozen]) await page.evaluate(begin);
  const front = await window.newPage();
  await front.bringToFront();
  for (const page of [hidden, frozen]) await page.waitForFunction(() => document.hidden, null, { polling: 100 });
  const before = await hidden.evaluate(() => e2e.kept.look());
  const control = await window.newCDPSession(frozen);
  const end = performance.now() + away;
  const pass = (time) => until(() => performance.now() > time, { what: "time to pass" });
  await pass(end - frozenFor);
  await control.send("Page.setWebLifecycleState", { state: "frozen" });
  await pass(end);
  const meanwhile = await hidden.evaluate(() => e2e.kept.look());

  await control.send("Page.setWebLifecycleState", { state: "active" });
  await frozen.bringToFront();
  const b = await frozen.evaluate(comeBack);
  await hidden.bringToFront();
  const a = await hidden.evaluate(comeBack);
  t.diagnostic(JSON.stringify({ before, meanwhile, a, b }));

  assert.ok(meanwhile.pictures - before.pictures < 10 && meanwhile.timers - before.timers < 60, "the first tab was in the background");
  assert.ok(meanwhile.snapshots - before.snapshots > 450, "where it received everything,");
  assert.equal(a.last.phases, "playing", "was not dropped,");
  assert.equal(a.last.keyframes, before.keyframes, "and needed no keyframe");

  assert.ok(a.first.snapshots - b.first.snapshots > (frozenFor / 1000) * 15, "the second tab was frozen");
  assert.ok(["playing", "playing resuming playing"].includes(b.last.phases), "resumed its seat once if at all");
  assert.ok(b.last.keyframes <= 2, "with one keyframe");

  for (const { last, caughtUp, moved } of [a, b]) {
    assert.ok(caughtUp < 2000, `it took ${caughtUp} ms to be where the match is`);
    assert.ok(moved > 5, "the ship flies");
    const { seats, inputsLost, inputsRepeated, hashMismatches, errors } = last;
    assert.deepEqual({ seats, inputsLost, inputsRepeated, hashMismatches, errors }, { seats: 1, inputsLost: 0, inputsRepeated: 0, hashMismatches: 0, errors: 0 });
  }
  for (const page of [elsewhere, hidden]) assert.deepEqual(page.complaints, []);
  for (const complaint of frozen.complaints) assert.match(complaint, /^error: WebSocket .* failed: Page entered Back-Forward Cache/); // the browser cut it
});

/** Joins and flies, and counts what a page in the foreground does. */
async function begin() {
  const { room, phases } = await e2e.join({ game: "arena", predicts: true });
  const kept = Object.assign(e2e.kept, { room, pictures: 0, timers: 0 });
  e2e.fly(room);
  requestAnimationFrame(function picture() {
    kept.pictures++;
    requestAnimationFrame(picture);
  });
  setInterval(() => kept.timers++, 20);
  kept.look = () => ({ ...e2e.figures(room), pictures: kept.pictures, timers: kept.timers, phases: phases.join(" ") });
}

/** What was counted until the page is shown again, and 3 s later; and how soon it drew the match as it is. */
async function comeBack() {
  await e2e.until(() => !document.hidden, "the page to be shown");
  const { look, room } = e2e.kept;
  const shown = performance.now();
  const first = look();
  await e2e.until(() => room.status.phase === "playing" && room.stats.age < 100 && room.own("Ships")[0], "the match as it is");
  const caughtUp = performance.now() - shown;
  const [{ X, Y }] = room.own("Ships");
  let moved = 0; // at the farthest: a ship that turns may end where it began
  await e2e.until(() => {
    const [ship] = room.own("Ships");
    moved = Math.max(moved, ship ? Math.hypot(ship.X - X, ship.Y - Y) : 0);
    return performance.now() > shown + 3000;
  }, "the end");
  return { first, last: look(), caughtUp, moved };
}
