// The playground without a mouse.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { serveDuel } from "./fixtures/duel.mjs";
import { bothPlay } from "./fixtures/playground.mjs";
import { matches, serve } from "./fixtures/server.mjs";
import { until } from "./fixtures/until.mjs";

/** Presses the tab key until what has the focus has the name. */
async function tabTo(page, name) {
  const seen = [];
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press("Tab");
    const is = await page.evaluate(() => { const e = document.activeElement; return e.getAttribute("aria-label") ?? e.textContent; });
    if (name.test(is)) return;
    seen.push(is.slice(0, 30));
  }
  assert.fail(`the tab key finds no ${name}: ${seen}`);
}

const focus = (page) => page.evaluate(() => { const e = document.activeElement; return e === document.body ? "nothing" : (e.getAttribute("aria-label") ?? e.textContent); });

test("with the keyboard alone a player finds a match, plays and leaves", async (t) => {
  const server = await serveDuel(t);
  const page = await open(await browse(t), server.url);
  await page.waitForFunction(() => document.querySelector("main h1"));
  await tabTo(page, /^Matchmaking$/);
  await page.keyboard.press("Enter");
  await page.locator("[data-action=find]:enabled").waitFor();
  await tabTo(page, /^Find a match$/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /only one waiting/.test(document.querySelector("[role=status]").textContent));
  assert.match(await focus(page), /Looking for a match/, "the focus is on what is waited for");
  await tabTo(page, /^Add a bot$/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.dataset.action === "accept");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => playground.tab.client?.player.room?.own("Ships").length > 0);
  assert.match(await focus(page), /arena, as You sees it/, "the focus is on the game");

  const angle = () => page.evaluate(() => playground.tab.client.player.room.own("Ships")[0]?.Angle);
  const was = await angle();
  await page.keyboard.down("a");
  await until(async () => Math.abs((await angle()) - was) > 0.2, { what: "the ship to turn" });
  await page.keyboard.up("a");
  const match = await page.evaluate(() => playground.tab.client.player.room.match);
  const players = async () => (await matches(server)).find((m) => m.id === match)?.players ?? 0;
  assert.equal(await players(), 2);

  await page.keyboard.press("Shift+Tab");
  while (!/^Leave and find another$/.test(await focus(page))) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focus(page), "Find a match");
  await until(async () => (await players()) === 0, { what: "the player to be gone from the match" });
});

test("the list of matches keeps the focus while it is renewed", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), `${server.url}/#matches`);
  await page.locator(".strip button").first().click();
  await page.locator("tbody tr").first().waitFor();
  await page.locator("tbody button").last().focus();
  const before = await page.evaluate(() => (window.focused = document.activeElement).textContent);
  assert.equal(before, "Watch");
  const time = () => page.locator("tbody tr td:nth-child(5)").first().innerText();
  const [first, was] = [await time(), await focus(page)];
  await until(async () => (await time()) !== first, { what: "the list to be renewed" });
  await page.waitForResponse(/v1\/matches/);
  assert.equal(await focus(page), was);
  assert.ok(await page.evaluate(() => document.activeElement === window.focused), "it is the same button");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => playground.tab.client?.spectates && playground.tab.client.player.room);
  assert.equal(await focus(page), was, "who watches stays in the list");
});

test("keys are the page's until a game has the focus", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), server.url, { viewport: { width: 1280, height: 420 } });
  await bothPlay(page);
  const pressed = await page.evaluate(() => {
    window.taken = [];
    addEventListener("keydown", (e) => { if (e.defaultPrevented) window.taken.push(e.code); });
  });
  assert.equal(pressed, undefined);
  const autopilots = () => page.evaluate(() => playground.tab.clients.map((c) => c.settings.autopilot));
  for (const key of ["ArrowDown", "Space", "Enter", "KeyW", "ArrowLeft"]) await page.keyboard.press(key);
  assert.deepEqual(await page.evaluate(() => window.taken), []);
  assert.deepEqual(await autopilots(), [true, true], "the demonstration goes on");
  await until(() => page.evaluate(() => scrollY > 0), { what: "the page to scroll" });

  await page.locator('[data-name="Ann"] .game-view').focus();
  for (const key of ["KeyW", "ArrowLeft"]) await page.keyboard.press(key);
  assert.deepEqual(await page.evaluate(() => window.taken), ["KeyW", "ArrowLeft"]);
  assert.deepEqual(await autopilots(), [false, false], "two can play at one keyboard");
  await page.locator('[data-name="Ann"]').getByRole("button", { name: "mobile" }).click();
  assert.match(await focus(page), /as Ann sees it/, "who plays and clicks a button plays on");
});

test("a change is announced once, and what changes all the time is not", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), server.url);
  await bothPlay(page);
  const deaths = () => page.evaluate(() => [...playground.tab.clients[0].player.room.state.Pilots].reduce((n, p) => n + p.Deaths, 0));
  await page.evaluate(() => {
    window.changes = [];
    const keep = (list) => list.forEach((m) => m.target.isConnected && window.changes.push(m.target.textContent));
    for (const e of document.querySelectorAll("[role=status],[role=alert],[role=log],[aria-live]")) {
      new MutationObserver(keep).observe(e, { childList: true, characterData: true, subtree: true });
    }
  });
  const before = await deaths();
  await until(async () => (await deaths()) > before + 1, { what: "two to be shot down" });
  assert.deepEqual(await page.evaluate(() => window.changes), [], "the demonstration is not announced");

  await page.locator("[data-action=drop]").first().click();
  await page.waitForFunction(() => playground.tab.clients[0].player.room.stats.resumes === 1);
  await page.waitForFunction(() => window.changes.some((c) => /playing/.test(c)));
  const said = await page.evaluate(() => window.changes);
  assert.match(said[0], /^Ann: resuming\. The connection was lost; your seat is kept\.$/);
  assert.match(said.at(-1), /^Ann: playing\.\s*$/);
  assert.equal(said.length, 2, String(said));
});
