import assert from "node:assert/strict";
import { test } from "node:test";
import { artifacts, browse, paste } from "./fixtures/browser.mjs";
import { serve } from "./fixtures/server.mjs";
import { tenLines } from "./fixtures/tenlines.mjs";
import { until } from "./fixtures/until.mjs";

test("the ten lines of the README, pasted into an empty page, fly a ship", async (t) => {
  const server = await serve(t);
  const page = await paste(await browse(t), server, await tenLines(server));
  const picture = () => page.evaluate(() => {
    const c = document.querySelector("canvas");
    const copy = new OffscreenCanvas(c.width, c.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(c, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, c.width, c.height).data.buffer);
    let sum = 0;
    pixels.forEach((p, i) => (sum = p ? (sum + i) % 2 ** 40 : sum));
    return sum;
  });
  const first = await until(picture, { what: "a ship to be drawn" });
  await page.keyboard.down("w");
  await until(async () => (await picture()) !== first, { what: "the ship to move" });
  await page.keyboard.up("w");
  const [match] = (await (await fetch(`${server.url}/v1/matches?game=arena`)).json()).matches;
  assert.equal(match.players, 1);
  await page.screenshot({ path: `${artifacts}ten-lines.png` });
  assert.deepEqual(page.complaints, []);
});
