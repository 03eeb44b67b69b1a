import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { bothPlay } from "./fixtures/playground.mjs";
import { serve } from "./fixtures/server.mjs";

const dark = "(getComputedStyle(document.documentElement).getPropertyValue('--scheme').trim() === 'dark')";

/** How browsers keep a page from its storage. Each runs in the page, before its scripts. */
const blocked = {
  "throws, as where cookies are blocked": () => {
    for (const kind of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, kind, { get() { throw new DOMException("The operation is insecure.", "SecurityError"); } });
    }
  },
  "is null, as where it is switched off": () => {
    for (const kind of ["localStorage", "sessionStorage"]) Object.defineProperty(window, kind, { value: null });
  },
  "is full": () => {
    Storage.prototype.setItem = () => { throw new DOMException("The quota has been exceeded.", "QuotaExceededError"); };
  },
};

test("the playground plays where storage is blocked, and forgets the theme only", async (t) => {
  const server = await serve(t);
  const browser = await browse(t);
  for (const [how, block] of Object.entries(blocked)) {
    const page = await open(browser, "about:blank", { colorScheme: "dark" });
    await page.addInitScript(block);
    const guests = [];
    page.on("request", (r) => r.url().endsWith("/v1/guest") && guests.push(r.postDataJSON().name));
    await page.goto(server.url);
    await bothPlay(page);
    await page.locator("#theme").click();
    assert.equal(await page.evaluate(dark), false, `storage ${how}: the theme is switched`);
    await page.evaluate(() => (location.hash = "lines"));
    await page.waitForFunction(() => document.querySelector(".lines"));
    await page.evaluate(() => (location.hash = "arena"));
    await bothPlay(page);
    assert.equal(guests.filter((name) => name === "Ann").length, 1, `storage ${how}: a guest stays the same from tab to tab: ${guests}`);
    await page.reload();
    await bothPlay(page);
    assert.equal(await page.evaluate(dark), true, `storage ${how}: the theme is forgotten`);
    assert.deepEqual(page.complaints, [], how);
    await page.context().close();
  }
});
