import assert from "node:assert/strict";
import { test } from "node:test";
import { testPage, browse } from "./fixtures/browser.mjs";
import { matches, serve } from "./fixtures/server.mjs";

test("two clients join one match, and both see both ships move", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  const pages = [await testPage(browser, server), await testPage(browser, server)];
  const seats = [];
  for (const page of pages) {
    seats.push(
      await page.evaluate(async () => {
        const { room } = (e2e.kept.seat = await e2e.join({ game: "arena" }));
        e2e.kept.end = e2e.fly(room);
        return { player: room.player, match: room.match };
      }),
    );
  }
  assert.equal(seats[0].match, seats[1].match);
  assert.notEqual(seats[0].player, seats[1].player);
  const [match] = await matches(server);
  assert.deepEqual([match.id, match.players], [seats[0].match, 2]);

  const players = seats.map((s) => s.player);
  const saw = await Promise.all(pages.map((page) => page.evaluate(travel, players)));
  for (const [i, way] of saw.entries()) {
    for (const far of way) assert.ok(far > 100, `client ${i + 1} saw the ships travel ${way} units`);
  }
  for (const page of pages) assert.deepEqual(page.complaints, []);
});

/** Waits until each player's ship is seen to have travelled 100 units, in steps as ships take them. */
async function travel(players) {
  const { room } = e2e.kept.seat;
  const last = {};
  const far = players.map(() => 0);
  await e2e.until(() => {
    const { Ships } = room.interpolated;
    players.forEach((player, i) => {
      const { X, Y } = e2e.rowOf(Ships, player) ?? {};
      if (X === undefined) return;
      if (last[player]) far[i] += Math.hypot(X - last[player].X, Y - last[player].Y);
      last[player] = { X, Y };
    });
    return far.every((f) => f > 100);
  }, "ships to move");
  return far;
}
