// The playground for those who read it with a screen reader, enlarge it, or want it still.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { artifacts, browse, open } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";
import { openTab, ready } from "./fixtures/tabs.mjs";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What axe finds wrong with the page, as text. */
const violations = (page) => page.evaluate(async () => {
  const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
  return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target}: ${n.failureSummary}`));
});

test("every tab has nothing that axe complains about, in both themes, and a title of its own", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), "about:blank", { bypassCSP: true });
  await page.addInitScript({ path: axe });
  await page.goto(server.url);
  const titles = new Set(), found = [];
  const inBoth = async (what) => {
    for (const theme of ["dark", "light"]) {
      await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
      found.push(...(await violations(page)).map((v) => `${what}, ${theme}: ${v}`));
    }
  };
  for (const tab of Object.keys(ready)) {
    await openTab(page, tab);
    titles.add(await page.title());
    await inBoth(tab);
    if (tab !== "find") continue;
    await page.locator("[data-action=find]").click();
    await page.locator(".rules li").first().waitFor();
    await inBoth("a search");
  }
  assert.deepEqual(found, []);
  assert.equal(titles.size, Object.keys(ready).length, `titles: ${[...titles]}`);
  await openTab(page, "arena");
  const values = await page.$$eval("input[type=range]", (all) => all.map((e) => e.getAttribute("aria-valuetext")));
  assert.ok(values.length >= 6 && values.every((v) => /^\d+ ms$/.test(v)), `sliders say ${values}`);
  assert.deepEqual(page.complaints.filter((c) => !/wait=\d+: net::ERR_ABORTED$/.test(c)), [], "but for the search that was left");
});

test("every tab is whole at 320 pixels and at 200 %", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  for (const [how, options] of [
    ["320", { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true, colorScheme: "light" }],
    ["200-percent", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, colorScheme: "dark" }],
  ]) {
    const page = await open(browser, server.url, options);
    for (const tab of Object.keys(ready)) {
      await openTab(page, tab);
      const cut = await page.evaluate(() => {
        const shown = [...document.querySelectorAll("nav a, h1, main button, main input, #theme")].filter((e) => e.checkVisibility());
        const out = shown.filter((e) => { const b = e.getBoundingClientRect(); return b.left < 0 || b.right > innerWidth + 0.5; });
        const wide = document.documentElement.scrollWidth - innerWidth;
        return [...out.map((e) => e.textContent || e.className), ...(wide > 0 ? [`${wide} pixels too wide`] : [])];
      });
      await page.screenshot({ path: `${artifacts}${how}-${tab}.png` });
      assert.deepEqual(cut, [], `${tab} at ${how}`);
      assert.ok(await page.locator("nav a[aria-current]").evaluate((a) => document.elementFromPoint(a.getBoundingClientRect().x + 4, a.getBoundingClientRect().y + 4)?.closest("a") === a), `${tab} at ${how}: its link is in sight`);
    }
    await page.context().close();
  }
});

test("who wants less motion gets none that the game does not need", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  for (const reducedMotion of ["no-preference", "reduce"]) {
    const page = await open(browser, `${server.url}/#arena`, { reducedMotion });
    await page.waitForFunction(ready.arena, null, { polling: 50 });
    await page.locator("[data-action=drop]").first().click(); // whose state pulses
    await page.waitForFunction(() => document.querySelector(".pill[data-phase=resuming]"));
    const moves = await page.evaluate(() => document.getAnimations().length);
    const sparks = await page.waitForFunction(() => {
      const { sparks, rings } = playground.tab.clients[1].view.arena.sparks;
      window.most = Math.max(window.most ?? 0, sparks.length);
      return rings.length > 0 && { most: window.most };
    }).then((h) => h.jsonValue());
    if (reducedMotion === "reduce") assert.deepEqual([moves, sparks.most], [0, 0]);
    else assert.ok(moves > 0 && sparks.most > 0, `${moves} animations and ${sparks.most} sparks otherwise`);
    await page.context().close();
  }
});
