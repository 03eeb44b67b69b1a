import assert from "node:assert/strict";
import { test } from "node:test";
import { testPage, browse } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";

const smooth = 150; // ms after which half of a correction is drawn
const attempts = 8;

// A ship pushes against the wall. Somebody joins, and the field grows: the wall
// is not there any more, which nobody could predict.
test("what the server does to a ship corrects the prediction, and is drawn bit by bit", async (t) => {
  const browser = await browse(t);
  for (let n = 1; ; n++) {
    assert.ok(n <= attempts, "the picture was looked at");
    const server = await serve(t); // where nobody plays yet
    const page = await testPage(browser, server);
    const got = await page.evaluate(wallGivesWay, smooth);
    const { size, drawn } = got;
    t.diagnostic(JSON.stringify({ ...got, drawn: drawn.map((d) => `${Math.round(d.since)} ms ${d.left.toFixed(1)}`) }));
    assert.deepEqual(page.complaints, []);
    await page.context().close();
    if (drawn.some((d, k) => k > 0 && d.since - drawn[k - 1].since > 80)) continue; // this machine held the page up
    assert.deepEqual(got.widths, [1152, 1280]);
    assert.equal(got.before, 0, "corrections before the wall gave way");
    assert.ok(got.corrections >= 1 && size > 4 && size < 100, "the server's word moved the ship");
    assert.equal(got.after, 0, "corrections when all was said");
    if (looks(drawn, size) > 5) return;
  }
});

/** How often enough was drawn to say where the ship was; and it has to be where it should be. */
function looks(drawn, size) {
  let count = 0;
  for (let since = 50; since <= 4 * smooth; since += 50) {
    const then = drawn.filter((d) => Math.abs(d.since - since) < 50);
    if (then.length < 3) continue; // the page was held up
    const left = mean(then.map((d) => d.left)); // motion between ticks evens out
    count++;
    const due = size * 2 ** (-since / smooth);
    assert.ok(Math.abs(left - due) < size / 4, `${since} ms later ${left} units were not drawn yet; should be ${due}`);
  }
  return count;
}

const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;

async function wallGivesWay(smooth) {
  const me = { game: "arena", latency: 300, predicts: true, smooth };
  const { room } = await e2e.join(me);
  for (let n = 0; n < 3; n++) await e2e.join({ game: "arena", match: room.match });
  const own = () => room.own("Ships")[0];
  const width = () => room.state.Field.W;
  const atWall = () => own().X > width() - 13;

  await steady((ship) => e2e.steer(ship, 300, 0), atWall);
  await steady((ship) => ({ Thrust: 1, Turn: e2e.turnTo(ship, 0) }), () => atWall() && Math.abs(own().VX) < 15 && own().Spin === 0);
  room.input({ Thrust: 1, Turn: 0 });
  await e2e.until(() => room.stats.pending === 0, "the last input to be applied");

  const widths = [width()];
  const { corrections } = room.stats;
  let before;
  let x = own().X;
  let size = 0;
  let at = 0;
  room.onSnapshot((s) => {
    if (s.correction > 0 && !at) {
      at = performance.now();
      size = own().X - x;
      before = room.stats.corrections - 1 - corrections;
    }
    x = own().X;
  });
  await e2e.join({ game: "arena", match: room.match });
  await e2e.until(() => at, "a correction");
  const drawn = [];
  await e2e.until(() => {
    const since = performance.now() - at;
    const { X, VX } = own();
    // between two ticks, thus on average half a tick behind the newest
    drawn.push({ since, left: X - VX / room.tickRate / 2 - e2e.rowOf(room.interpolated.Ships, room.player).X });
    return since > 5 * smooth;
  }, "the picture to follow", 60_000, 16);
  const last = room.stats.corrections;
  const end = performance.now() + 1000;
  await e2e.until(() => performance.now() > end, "the end");
  return { widths: [...widths, width()], before, size, drawn, corrections: last - corrections, after: room.stats.corrections - last };

  /** Decides what to do until something is so. */
  function steady(wish, done) {
    return e2e.until(() => {
      if (own()) room.input(wish(own()));
      return own() && done();
    }, "the ship to come to the wall", 60_000, 15);
  }
}
