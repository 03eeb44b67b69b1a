import assert from "node:assert/strict";
import { test } from "node:test";
import { artifacts, browse, open } from "./fixtures/browser.mjs";
import { serveDuel } from "./fixtures/duel.mjs";
import { matches } from "./fixtures/server.mjs";
import { until } from "./fixtures/until.mjs";

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

/** Opens the matchmaking tab and starts to search. */
async function seek(browser, server, options) {
  const page = await open(browser, `${server.url}/#find/duel`, options);
  await page.locator("[data-action=find]:enabled").click();
  return page;
}

const says = (page, text) => page.waitForFunction((text) => document.querySelector(".find").innerText.includes(text), text, { polling: 50 });

/** What went wrong. A poll that is cut short by the player's answer did not. */
const wrong = (page) => page.complaints.filter((c) => !/wait=\d+: net::ERR_ABORTED$/.test(c));

/** Returns the seat when it is played. */
async function play(page) {
  await page.waitForFunction(() => playground.tab.client?.player.room?.own("Ships").length > 0, null, { polling: 50 });
  return page.evaluate(() => ({ player: playground.tab.client.player.room.player, match: playground.tab.client.player.room.match }));
}

test("finding a match: two tabs are told why they wait, are asked, and play each other", async (t) => {
  const server = await serveDuel(t);
  const browser = await browse(t);
  const one = await seek(browser, server);
  await says(one, "A match needs 2 players. You are the only one waiting.");
  await says(one, "“close skill” relaxes to 3000 in");
  await one.screenshot({ path: `${artifacts}find-waiting.png` });

  const two = await seek(browser, server, phone);
  const pages = [one, two];
  for (const page of pages) await page.locator("[data-action=accept]").waitFor();
  await two.screenshot({ path: `${artifacts}find-asked-phone.png` });
  const wide = await two.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} pixels too wide`);
  for (const page of pages) await page.locator("[data-action=accept]").click();
  const seats = await Promise.all(pages.map(play));
  assert.equal(seats[0].match, seats[1].match);
  assert.notEqual(seats[0].player, seats[1].player);
  const [match] = await matches(server);
  assert.deepEqual([match.id, match.players], [seats[0].match, 2]);
  for (const page of pages) assert.deepEqual(wrong(page), []);
});

test("finding a match: who declines leaves, the other waits on; who leaves is gone from the queue", async (t) => {
  const server = await serveDuel(t);
  const browser = await browse(t);
  const waiting = async () => (await (await fetch(`${server.url}/v1/queues/duel`)).json()).waiting.players;
  const one = await seek(browser, server);
  const two = await seek(browser, server);
  await two.locator("[data-action=decline]").click();
  await says(two, "The match was declined.");
  await says(one, "Looking for a match");

  await one.locator("[data-action=bot]").click(); // a bot of the page, which accepts by itself
  await one.locator("[data-action=accept]").click();
  await play(one);

  await two.locator("[data-action=find]").click();
  await says(two, "You are the only one waiting.");
  await two.evaluate(() => playground.tab.stop());
  await until(async () => (await waiting()) === 0, { what: "who left the search to be gone" });
  assert.deepEqual(wrong(one), []);
});

// The request that takes the ticket out is not sent when the page is replaced by another: the ticket waits until
// the queue's rules expire it.
test("finding a match: who closes the page is gone from the queue", { skip: "the ticket of a closed page stays until it expires" }, async (t) => {
  const server = await serveDuel(t);
  const page = await seek(await browse(t), server);
  await says(page, "You are the only one waiting.");
  await page.goto("about:blank");
  await until(async () => (await (await fetch(`${server.url}/v1/queues/duel`)).json()).waiting.players === 0, { what: "who closed the page to be gone" });
});
