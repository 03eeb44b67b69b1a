import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, open } from "./fixtures/browser.mjs";
import { weights } from "./fixtures/memory.mjs";
import { serve } from "./fixtures/server.mjs";
import { describe, faults, soak } from "./fixtures/soak.mjs";

// Ten minutes of it, with a drop and a stall in a hundred seconds: soak.mjs.
test("20 s of drops and stalls: nothing lost, repeated or different, and memory does not run away", async (t) => {
  const server = await serve(t);
  const page = await open(await browse(t), "about:blank");
  const { samples, clients } = await soak(page, server.url, { seconds: 20, share: 0.15, every: 10 });
  t.diagnostic(samples.map(weights).join("; "));
  t.diagnostic(describe(clients).replaceAll("\n", "; "));
  assert.deepEqual(clients.flatMap(faults), []);
  assert.ok(clients[0].drops > 0 && clients[1].drops > 0);
  const [first, last] = samples;
  assert.ok(last.data < first.data * 1.2, `what scripts hold grew from ${first.data} to ${last.data} MB`);
  assert.deepEqual(page.complaints, []);
});
