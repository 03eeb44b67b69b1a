// node soak.mjs [seconds, 600] [probability of a drop and of a stall in a second, 0.02]
// leaves the playground open for that long, and fails if anything was lost,
// repeated or different, or if its memory is ever more than a tenth off what it
// was after the first minute.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { drift, weights } from "./fixtures/memory.mjs";
import { serve } from "./fixtures/server.mjs";
import { describe, faults, soak } from "./fixtures/soak.mjs";

const seconds = Number(process.argv[2] ?? 600);
const share = Number(process.argv[3] ?? 0.02);

test(`${seconds} s, each with ${share * 100} % drops and stalls`, async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), "about:blank");
  const { samples, clients } = await soak(page, server.url, { seconds, share, every: 60, onSample: (s) => console.log(weights(s)) });
  console.log(describe(clients));
  assert.deepEqual(clients.flatMap(faults), []);
  const [settled, ...later] = samples;
  assert.ok(later.length > 0, "too short to tell: take two minutes");
  assert.deepEqual(later.flatMap((s) => drift(s, settled)), []);
  assert.deepEqual(page.complaints, []);
});
