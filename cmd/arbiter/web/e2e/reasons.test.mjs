// What the playground says when something does not work: why, and what to do next.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open, testPage } from "./fixtures/browser.mjs";
import { bothPlay } from "./fixtures/playground.mjs";
import { serve } from "./fixtures/server.mjs";

const says = (page, text) => page.waitForFunction((text) => document.querySelector("main").innerText.includes(text), text, { polling: 50 });
const busy = { status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "/v1/problems/overloaded", code: "overloaded", status: 503, detail: "The server is overloaded. Try again in 5 s." }) };

/** Opens a tab while requests that match are answered so. */
async function openRefused(browser, server, tab, pattern, answer) {
  const page = await open(browser, "about:blank");
  await page.route(pattern, (route) => (route.request().method() === "GET" && /matches/.test(route.request().url()) && tab === "matches" ? route.continue() : answer ? route.fulfill(answer) : route.abort()));
  await page.goto(`${server.url}/#${tab}`);
  return page;
}

test("where a match can't be had the page says why, and Try again plays when it can", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  const plays = {
    arena: () => playground.tab?.clients?.length === 2 && playground.tab.clients.every((c) => c.player.room),
    interest: () => playground.tab.player?.room,
    lines: () => playground.tab.player.room,
    find: () => document.querySelector("[data-action=find]:enabled"),
  };
  for (const [tab, pattern, answer, reason] of [
    ["arena", "**/v1/matches**", busy, "overloaded"],
    ["interest", "**/v1/matches**", busy, "overloaded"],
    ["lines", "**/v1/guest", busy, "overloaded"],
    ["find", "**/v1/queues", busy, "overloaded"],
    ["arena", "**/v1/matches**", null, "can't be reached"],
    ["find", "**/v1/queues", null, "can't be reached"],
    ["lines", "**/v1/guest", null, "can't be reached"],
  ]) {
    const page = await openRefused(browser, server, tab, pattern, answer);
    await says(page, reason);
    await page.waitForFunction((reason) => document.querySelector("#announcements").textContent.includes(reason), reason);
    await page.unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.waitForFunction(plays[tab]);
    await page.context().close();
  }
});

test("a match that can't be made or joined says why, and stays said", async (t) => {
  const server = await serve(t);
  const page = await openRefused(await browse(t), server, "matches", "**/v1/matches", busy);
  await page.locator(".strip button").first().click();
  await says(page, "overloaded");
  for (let n = 0; n < 2; n++) await page.waitForResponse(/v1\/matches$/); // the list is renewed
  await says(page, "overloaded");
  assert.match(await page.locator("main").innerText(), /join or watch one that is running/);
});

test("without WebAssembly the page plays, and says why nothing is predicted", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  for (const tab of ["arena", "interest"]) {
    const page = await open(browser, "about:blank");
    await page.addInitScript(() => { delete globalThis.WebAssembly; });
    await page.goto(`${server.url}/#${tab}`);
    await says(page, "Prediction is off. This browser runs no WebAssembly");
    if (tab === "arena") await bothPlay(page);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

test("Copy copies where the browser has no clipboard for the page, or selects the text", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  for (const isPossible of [true, false]) {
    const page = await open(browser, "about:blank", { permissions: ["clipboard-read"] });
    await page.addInitScript((isPossible) => {
      const { clipboard } = navigator;
      window.copied = () => clipboard.readText();
      Object.defineProperty(navigator, "clipboard", { value: undefined }); // as over plain HTTP from another machine
      if (!isPossible) document.execCommand = () => false;
    }, isPossible);
    await page.goto(`${server.url}/#lines`);
    await page.getByRole("button", { name: "Copy" }).click();
    await says(page, isPossible ? "Copied." : "The text is selected: copy it with");
    const got = await page.evaluate(isPossible ? "copied()" : "getSelection().toString()");
    assert.match(got, /^<canvas id="c"[\s\S]*<\/script>$/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
});

test("who can't join because of the page's own policy, or because nothing answers, is told", async (t) => {
  const server = await serve(t), other = await serve(t);
  const page = await testPage(await browse(t), server);
  const join = (url) => page.evaluate(async (url) => {
    const { connect } = await import("/client/arbiter-client.js");
    return connect({ url, game: "arena" }).then(() => "joined", (e) => e.message);
  }, url);
  assert.match(await join(other.url), /Content-Security-Policy does not allow http:\/\/127\.0\.0\.1:\d+; add it to connect-src/);
  await server.program.stop();
  assert.match(await join(server.url), /http:\/\/127\.0\.0\.1:\d+ can't be reached/);
});
