import assert from "node:assert/strict";
import { test } from "node:test";
import { testPage, browse, open } from "./fixtures/browser.mjs";
import { freePort, proxy } from "./fixtures/nginx.mjs";
import { bothPlay } from "./fixtures/playground.mjs";
import { serve } from "./fixtures/server.mjs";

test("behind nginx the client plays, and resumes when nginx was gone", async (t) => {
  const server = await serve(t);
  const nginx = await proxy(t, server);
  const browser = await browse(t);
  const page = await testPage(browser, nginx);
  const seat = await page.evaluate(async () => {
    const { room } = Object.assign(e2e.kept, await e2e.join({ game: "arena", predicts: true }));
    e2e.fly(room);
    await e2e.until(() => room.stats.snapshots > 30 && room.stats.inputsApplied > 3, "play");
    return { player: room.player, match: room.match };
  });
  await nginx.stop();
  await page.waitForFunction(() => e2e.kept.room.status.phase === "resuming");
  await nginx.start();
  const after = await page.evaluate(async () => {
    const { room } = e2e.kept;
    const { snapshots, hashChecks } = room.stats;
    await e2e.until(() => room.status.phase === "playing" && room.stats.snapshots > snapshots + 30 && room.stats.hashChecks > hashChecks, "play to go on");
    return { ...e2e.figures(room), match: room.match };
  });
  assert.deepEqual({ player: after.player, match: after.match }, seat);
  const { seats, resumes, inputsLost, inputsRepeated, hashMismatches } = after;
  assert.deepEqual({ seats, resumes, inputsLost, inputsRepeated, hashMismatches }, { seats: 1, resumes: 1, inputsLost: 0, inputsRepeated: 0, hashMismatches: 0 });
});

test("behind nginx the playground works", async (t) => {
  const nginx = await proxy(t, await serve(t));
  const page = await open(await browse(t), nginx.url);
  await bothPlay(page);
  assert.deepEqual(page.complaints, []);
});

test("behind nginx with TLS, below a path, the playground plays, predicts and matches", async (t) => {
  const port = await freePort(), prefix = "/eu/arena";
  const server = await serve(t, "--trusted-proxies", "127.0.0.1", "--public-url", `https://127.0.0.1:${port}${prefix}`);
  const nginx = await proxy(t, server, { tls: true, prefix, port });
  const browser = await browse(t);
  const page = await open(browser, nginx.url + "/", { ignoreHTTPSErrors: true });
  await bothPlay(page);
  const code = await page.evaluate(() => fetch("client/files.json").then((r) => r.json()));
  assert.ok(Object.values(code).every((at) => at.startsWith(prefix + "/client/")), JSON.stringify(code));
  await page.goto(nginx.url + "/#find/ladder");
  await page.locator("[data-action=find]:enabled").click();
  await page.waitForFunction(() => document.querySelector(".find").innerText.includes("You are the only one waiting"), null, { polling: 50 });
  assert.deepEqual(page.complaints, []);
});

test("behind nginx with TLS seats are where browsers may go, without a public URL too", async (t) => {
  const nginx = await proxy(t, await serve(t, "--trusted-proxies", "127.0.0.1"), { tls: true });
  const page = await testPage(await browse(t), nginx, { ignoreHTTPSErrors: true });
  const seat = await page.evaluate(async () => {
    const post = async (path, body, token) => (await fetch(path, { method: "POST", body: JSON.stringify(body), headers: token ? { Authorization: `Bearer ${token}` } : {} })).json();
    const { token } = await post("/v1/guest", { name: "ann" });
    const seat = await post("/v1/play", { game: "arena" }, token);
    const room = await (await import("/client/arbiter-client.js")).connect({ url: seat.url, token: seat.token, game: seat.game, match: seat.match });
    const phase = room.status.phase;
    room.leave();
    return { url: seat.url, phase };
  });
  assert.match(seat.url, new RegExp(`^${nginx.url.replace("https", "wss")}/play`));
  assert.equal(seat.phase, "playing");
  assert.deepEqual(page.complaints, []);
});
