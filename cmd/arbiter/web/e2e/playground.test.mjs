import assert from "node:assert/strict";
import { test } from "node:test";
import { artifacts, browse, open } from "./fixtures/browser.mjs";
import { bothPlay, figures } from "./fixtures/playground.mjs";
import { serve } from "./fixtures/server.mjs";
import { openTab, ready } from "./fixtures/tabs.mjs";
import { until } from "./fixtures/until.mjs";

const attempts = 5; // on a machine that may be busy

test("the playground: within 3 s two ships play against bots, and the page has no complaint", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  let page;
  for (let n = 1, took = Infinity; took >= 3000; n++) {
    assert.ok(n <= attempts, `it took ${took} ms`);
    await page?.context().close();
    page = await open(browser, server.url);
    took = await bothPlay(page);
    t.diagnostic(`both play against bots after ${Math.round(took)} ms`);
    assert.deepEqual(page.complaints, []);
  }

  const busy = async () => (await figures(page)).every((f) => f.snapshots > 120 && f.inputsApplied > 5 && f.hashChecks > 2);
  await until(busy, { what: "both to play for a while" });
  const colours = await page.$$eval(".game-view canvas", countColours);
  assert.ok(colours.length >= 2 && colours.every((n) => n > 20), `something is drawn: ${colours}`);
  await page.screenshot({ path: `${artifacts}playground.png` });
  for (const f of await figures(page)) {
    const { phase, inputsLost, inputsRepeated, hashMismatches, errors } = f;
    assert.deepEqual({ phase, inputsLost, inputsRepeated, hashMismatches, errors }, { phase: "playing", inputsLost: 0, inputsRepeated: 0, hashMismatches: 0, errors: 0 });
  }
  assert.deepEqual(page.complaints, []);
});

/** How many colours each canvas shows. */
function countColours(canvases) {
  return canvases.map((c) => new Set(new Uint32Array(c.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer)).size);
}

test("the playground: Drop, a bad network and keys do what they say", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), server.url);
  await bothPlay(page);
  const ann = page.locator('.client[data-name="Ann"]');
  await ann.locator("[data-action=drop]").click();
  await page.waitForFunction(() => playground.tab.clients[0].player.room.status.phase === "resuming");
  await page.waitForFunction(() => playground.tab.clients[0].player.room.status.phase === "playing");
  await ann.getByRole("button", { name: "mobile" }).click();
  await page.waitForFunction(() => playground.tab.clients[0].player.room.stats.rtt > 120);

  await ann.locator(".game-view").click();
  await page.keyboard.down("KeyW");
  await page.waitForFunction(() => !playground.tab.clients[0].settings.autopilot);
  const speed = () => page.evaluate(() => Math.hypot(...["VX", "VY"].map((k) => playground.tab.clients[0].player.room.own("Ships")[0]?.[k] ?? 0)));
  await until(async () => (await speed()) > 80, { what: async () => `the ship to fly: ${await speed()} units/s` });
  await page.keyboard.up("KeyW");

  const [one, two] = await figures(page);
  assert.deepEqual([one.drops, one.resumes, one.seats, one.inputsLost, one.inputsRepeated], [1, 1, 1, 0, 0]);
  assert.deepEqual([two.resumes, two.seats], [0, 1], "the other client noticed nothing");
  assert.deepEqual(page.complaints, []);
});

test("the playground: every tab, and on a phone", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  for (const [device, options] of [
    ["desktop", {}],
    ["phone", { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }],
  ]) {
    const page = await open(browser, server.url, options);
    for (const tab of Object.keys(ready)) {
      await openTab(page, tab);
      const { drawn } = await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve({ drawn: true })))));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(drawn && wide <= 0, `${tab} on a ${device} is ${wide} pixels too wide`);
      await page.screenshot({ path: `${artifacts}${device}-${tab}.png`, fullPage: true });
    }
    assert.deepEqual(page.complaints, [], device);
    await page.context().close();
  }
});
