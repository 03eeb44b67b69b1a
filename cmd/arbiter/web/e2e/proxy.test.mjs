import assert from "node:assert/strict";
import { test } from "node:test";
import { testPage, browse, open } from "./fixtures/browser.mjs";
import { proxy } from "./fixtures/nginx.mjs";
import { bothPlay } from "./fixtures/playground.mjs";
import { serve } from "./fixtures/server.mjs";

test("behind nginx the client plays, and resumes when nginx was gone", async (t) => {
  const server = await serve(t);
  const nginx = await proxy(t, server);
  const browser = await browse(t);
  const page = await testPage(browser, nginx);
  const seat = await page.evaluate(async () => {
    const { room } = Object.assign(e2e.kept, await e2e.join({ game: "arena", predicts: true }));
    e2e.fly(room);
    await e2e.until(() => room.stats.snapshots > 30 && room.stats.inputsApplied > 3, "play");
    return { player: room.player, match: room.match };
  });
  await nginx.stop();
  await page.waitForFunction(() => e2e.kept.room.status.phase === "resuming");
  await nginx.start();
  const after = await page.evaluate(async () => {
    const { room } = e2e.kept;
    const { snapshots, hashChecks } = room.stats;
    await e2e.until(() => room.status.phase === "playing" && room.stats.snapshots > snapshots + 30 && room.stats.hashChecks > hashChecks, "play to go on");
    return { ...e2e.figures(room), match: room.match };
  });
  assert.deepEqual({ player: after.player, match: after.match }, seat);
  const { seats, resumes, inputsLost, inputsRepeated, hashMismatches } = after;
  assert.deepEqual({ seats, resumes, inputsLost, inputsRepeated, hashMismatches }, { seats: 1, resumes: 1, inputsLost: 0, inputsRepeated: 0, hashMismatches: 0 });
});

test("behind nginx the playground works", async (t) => {
  const nginx = await proxy(t, await serve(t));
  const page = await open(await browse(t), nginx.url);
  await bothPlay(page);
  assert.deepEqual(page.complaints, []);
});
