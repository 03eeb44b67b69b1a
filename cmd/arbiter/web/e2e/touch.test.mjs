// The playground on a phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { artifacts, browse, open } from "./fixtures/browser.mjs";
import { bothPlay } from "./fixtures/playground.mjs";
import { serve } from "./fixtures/server.mjs";
import { until } from "./fixtures/until.mjs";

const phone = { isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const landscape = { ...phone, viewport: { width: 844, height: 342 } };

/** A finger or two on a page. */
async function fingers(page) {
  const control = await page.context().newCDPSession(page);
  const send = (type, ...points) => control.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  return {
    control,
    down: (...points) => send("touchStart", ...points),
    move: (...points) => send("touchMove", ...points),
    up: () => send("touchEnd"),
    /** Two fingers, then apart by steps. */
    async pinch([x, y]) {
      await send("touchStart", [x - 10, y], [x + 10, y]);
      for (let d = 20; d <= 120; d += 20) await send("touchMove", [x - d, y], [x + d, y]);
      await send("touchEnd");
    },
  };
}

const box = (page, selector) => page.locator(selector).first().evaluate((e) => e.getBoundingClientRect().toJSON());

test("on a phone in landscape a game fits the screen with its controls, clear of the notch", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), "about:blank", landscape);
  const { control } = await fingers(page);
  const insets = { top: 0, left: 47, right: 47, bottom: 21 };
  await control.send("Emulation.setSafeAreaInsetsOverride", { insets });
  await page.goto(server.url);
  await bothPlay(page);
  await page.locator(".game-view").first().evaluate((e) => e.scrollIntoView({ block: "end" }));
  await page.screenshot({ path: `${artifacts}phone-landscape.png` });
  const usable = { left: insets.left, right: 844 - insets.right, bottom: 342 };
  for (const what of [".game-view", ".stick", ".trigger"]) {
    const b = await box(page, what);
    assert.ok(b.top >= -0.5 && b.bottom <= usable.bottom + 0.5 && b.left >= usable.left && b.right <= usable.right, `${what} is at ${JSON.stringify(b)}`);
  }
  const view = await box(page, ".game-view");
  assert.ok(view.height >= 250, `the game is ${view.height} pixels tall`);
  assert.equal((await box(page, ".brand")).left, insets.left);
  assert.ok((await page.locator("footer").evaluate((e) => parseFloat(getComputedStyle(e).paddingBottom))) >= insets.bottom);
});

test("the stick begins where the thumb lands, and thumbs that play neither scroll nor zoom", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), server.url, { ...phone, viewport: { width: 390, height: 700 } });
  await bothPlay(page);
  const finger = await fingers(page);
  const view = await box(page, ".game-view"), resting = await box(page, ".stick");
  const stick = () => page.evaluate(() => playground.tab.clients[0].controls.stick);
  const [x, y] = [view.left + view.width * 0.38, view.top + view.height * 0.55]; // beside the resting stick
  assert.ok(x > resting.right, "the thumb lands beside it");
  await finger.down([x, y]);
  assert.deepEqual(await stick(), { x: 0, y: 0 });
  const held = await box(page, ".stick");
  assert.ok(Math.hypot(held.left + held.width / 2 - x, held.top + held.height / 2 - y) < 2, "the stick is below the thumb");
  for (let d = 5; d <= 30; d += 5) await finger.move([x, y - d]);
  await until(async () => (await stick()).y < -0.6, { what: async () => `the stick to be up: ${JSON.stringify(await stick())}` });
  assert.equal(await page.evaluate(() => scrollY), 0);
  await finger.up();
  assert.equal(await stick(), null);
  assert.deepEqual(await box(page, ".stick"), resting, "it is back where it rests");

  await finger.pinch([x, y]);
  assert.equal(await page.evaluate(() => visualViewport.scale), 1, "nothing is zoomed");
  const right = [view.left + view.width * 0.7, view.top + view.height * 0.6];
  await finger.down(right);
  assert.equal(await page.evaluate(() => playground.tab.clients[0].controls.trigger), true, "the right side fires");
  await finger.up();

  const above = [view.left + view.width / 2, view.top + view.height * 0.2];
  await finger.down(above);
  for (let d = 10; d <= 60; d += 10) await finger.move([above[0], above[1] - d]);
  await finger.up();
  await until(() => page.evaluate(() => scrollY > 0), { what: "a thumb above the controls to scroll" });
});

test("what is below the screen is not painted until it is scrolled to", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), "about:blank", { ...phone, viewport: { width: 390, height: 600 } });
  await page.addInitScript(() => {
    const { fillRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillRect = function (...args) {
      this.canvas.painted = (this.canvas.painted ?? 0) + 1;
      return fillRect.apply(this, args);
    };
  });
  await page.goto(server.url);
  await bothPlay(page);
  const painted = () => page.$$eval("canvas", (all) => all.map((c) => ({ n: c.painted ?? 0, top: c.getBoundingClientRect().top })));
  const frames = (n) => page.evaluate((n) => new Promise((resolve) => requestAnimationFrame(function next() { if (n-- > 0) requestAnimationFrame(next); else resolve(); })), n);
  await frames(5);
  const before = await painted();
  await frames(30);
  const after = await painted();
  const away = after.filter((c, i) => c.top > 800 && c.n > before[i].n);
  assert.ok(after.some((c) => c.top > 800) && after[0].n > before[0].n);
  assert.deepEqual(away, [], "painted out of sight");
  await page.locator(".game-view").last().scrollIntoViewIfNeeded();
  await page.waitForFunction((n) => [...document.querySelectorAll(".game-view canvas")].at(-1).painted > n, after.at(6).n);
});
