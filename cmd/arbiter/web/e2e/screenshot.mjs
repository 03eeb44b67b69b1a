// node screenshot.mjs FILE
// takes the picture of the playground that the README shows: two clients in
// play against bots, one of them on a mobile network.

import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { bothPlay } from "./fixtures/playground.mjs";
import { serve } from "./fixtures/server.mjs";
import { until } from "./fixtures/until.mjs";

const file = process.argv[2];
const bots = 5;
const plotsFilled = 16_000; // ms: the plots show the last 15 s
const maxSize = 300_000; // bytes

test(`a picture of the playground in ${file}`, async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), server.url, { viewport: { width: 1280, height: 776 }, colorScheme: "light" });
  await bothPlay(page);
  const begun = performance.now();
  while ((await page.locator(".stepper output").innerText()) !== String(bots)) await page.getByRole("button", { name: "Add a bot" }).click();
  await page.locator('.client[data-name="Bob"]').getByRole("button", { name: "mobile" }).click();
  await page.mouse.move(640, 60); // off the button, which would be highlighted
  await until(() => performance.now() - begun > plotsFilled, { what: "the plots to fill" });
  await page.waitForFunction(inAction, null, { polling: "raf" });
  await page.screenshot({ path: file });
  const { size } = await stat(file);
  assert.ok(size < maxSize, `${file} has ${size} bytes`);
  assert.deepEqual(page.complaints, []);
});

/** Reports whether the two clients are close to each other, alive, and shots are flying. */
function inAction() {
  const [ann, bob] = playground.tab.clients.map((c) => c.player.room);
  const [a, b] = [ann.own("Ships")[0], bob.own("Ships")[0]];
  if (!a || !b || Math.hypot(a.X - b.X, a.Y - b.Y) > 260) return false;
  const near = (rows, far) => [...rows].filter((r) => Math.hypot(r.X - a.X, r.Y - a.Y) < far).length;
  return near(ann.state.Bullets, 300) >= 4 && near(ann.state.Ships, 420) >= 4 && document.querySelector(".notice:not([hidden])") === null;
}
