import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";

test("a match is joined by the link of who plays in it; a picture that never came has the theme's colour", async (t) => {
  const server = await serve(t, "--games", "arena,tag");
  const browser = await browse(t);
  const page = await open(browser, `${server.url}/#matches`, { colorScheme: "light" });
  await page.getByRole("button", { name: "tag", exact: true }).click();
  const playing = (p) => p.waitForFunction(() => playground.tab.client?.player.room?.status.phase === "playing", null, { polling: 50 });
  await playing(page);
  const link = await page.locator(".invite a").getAttribute("href");
  const guest = await open(browser, link, { colorScheme: "light" });
  await playing(guest);
  const match = (p) => p.evaluate(() => playground.tab.client.player.room.match);
  assert.equal(await match(guest), await match(page));
  const late = await open(browser, `${server.url}/#matches/tag/ended`, { colorScheme: "light" });
  await late.waitForFunction(() => document.querySelector(".again")?.hidden === false, null, { polling: 50 });
  const [alpha, notice, again] = await late.evaluate(() => {
    const canvas = document.querySelector(".game-view canvas"), box = (s) => document.querySelector(s).getBoundingClientRect();
    return [canvas.getContext("2d").getImageData(3, 3, 1, 1).data[3], box(".notice").bottom, box(".again").top];
  });
  assert.equal(alpha, 0, "what was never painted is black");
  assert.ok(notice <= again, `the button at ${again} covers the message down to ${notice}`);
});
