import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type Options, type Room } from "../src/index.ts";
import { ClosedError, type Status } from "../src/client/status.ts";
import { chance } from "./recording.ts";
import { Server } from "./server.ts";
import { Network, World } from "./world.ts";

/** What a server answers over HTTP; nothing: it can't be reached. */
type Answer = { status: number; after?: number; detail?: string } | undefined;

/** A client that is about to join, and what becomes of it. */
async function join(options: Partial<Options>, prepare: (n: Network) => void = () => {}) {
  const world = new World(chance(2));
  const server = new Server(world);
  const network = new Network(world, { delay: 10, jitter: 0 }, server);
  const play = {
    world, server, network,
    answer: { status: 404 } as Answer,
    asked: [] as { at: number; token: string }[],
    urls: [] as { at: number; url: string; token: string }[],
    seen: [] as (Status & { at: number })[],
    room: undefined as Room | undefined,
    error: undefined as unknown,
    /** Lets time pass, and promises that wait for each other. */
    async run(ms: number) {
      for (let end = world.now + ms; world.now < end; ) {
        await world.run(Math.min(25, end - world.now));
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  prepare(network);
  const fetch = async (_url: string, init: RequestInit): Promise<Response> => {
    play.asked.push({ at: world.now, token: new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "" });
    if (!play.answer) throw new TypeError("Failed to fetch");
    const { status, after, detail } = play.answer;
    return new Response(JSON.stringify({ detail }), { status, headers: after ? { "Retry-After": String(after) } : {} });
  };
  const given: Options = {
    game: "arena",
    environment: { ...world.environment(), fetch },
    transport: (url, protocols) => {
      play.urls.push({ at: world.now, url, token: protocols[1]!.replace("token.", "") });
      return network.transport(url, protocols);
    },
    onStatus: (s) => play.seen.push({ ...s, at: world.now }),
    ...options,
  };
  connect(given).then((r) => (play.room = r), (e: unknown) => (play.error = e));
  return play;
}

test("a busy server is asked when to come back, and joined then", async () => {
  const p = await join({ token: "t" }, (n) => (n.refuse = true));
  p.answer = { status: 503, after: 3, detail: "too many connections" };
  await p.run(2000);
  assert.deepEqual([p.error, p.urls.length], [undefined, 1]);
  assert.deepEqual(p.asked.map((a) => a.token), ["t"]);
  assert.equal(p.seen.at(-1)!.phase, "connecting");
  assert.equal(p.seen.at(-1)!.reason, "The server is busy: too many connections");
  assert.ok(p.seen.at(-1)!.retryIn >= 3000);
  p.network.refuse = false;
  await p.run(3000);
  assert.equal(p.room?.status.phase, "playing");
  assert.ok(p.urls[1]!.at >= 3000, `again after ${p.urls[1]!.at} ms`);
});

test("a server that refuses for no reason is tried again, and then it is the end", async () => {
  const p = await join({ token: "t" }, (n) => (n.refuse = true));
  await p.run(10_000);
  assert.equal(p.urls.length, 3);
  assert.ok(p.error instanceof ClosedError);
  assert.match(p.error.message, /answers but refused the connection/);
});

test("who can't be reached at first is an error that names what may be the reason", async () => {
  const p = await join({ token: "t" }, (n) => (n.refuse = true));
  p.answer = undefined;
  await p.run(1000);
  assert.ok(p.error instanceof ClosedError);
  assert.match(p.error.message, /could not be reached.*origin/);
});

test("a stale getToken is asked once more, and then the refusal is told", async () => {
  let asked = 0;
  const p = await join({ getToken: () => `stale ${++asked}` }, (n) => (n.refuse = true));
  p.answer = { status: 401, detail: "the token has expired" };
  await p.run(5000);
  assert.deepEqual(p.urls.map((u) => u.token), ["stale 1", "stale 2"]);
  assert.ok(p.error instanceof ClosedError);
  assert.equal(p.error.message, "The server refused the token: the token has expired");
});

test("a token that expired while playing: with getToken the seat is resumed, without it is the end", async () => {
  let asked = 0;
  const renewed = await join({ getToken: () => `token ${++asked}` });
  const fixed = await join({ token: "t" });
  for (const p of [renewed, fixed]) {
    await p.run(1000);
    p.answer = { status: 401, detail: "the token has expired" };
    p.network.refuse = true;
    p.network.cut();
    for (let k = 0; k < 400 && p.urls.length < 2; k++) await p.run(5);
    await p.run(40); // refused
    p.network.refuse = false;
    await p.run(5000);
  }
  assert.deepEqual([renewed.room!.status.phase, renewed.room!.stats.resumes], ["playing", 1]);
  assert.deepEqual(renewed.urls.map((u) => u.token), ["token 1", "token 2", "token 3"]);
  assert.deepEqual([fixed.room!.status.phase, fixed.room!.status.reason], ["closed", "The server refused the token: the token has expired"]);
  assert.equal(fixed.urls.length, 2);
});

test("a getToken that never answers is an error after 30 s, and any other that does not give a token at once", async () => {
  const never = await join({ getToken: () => new Promise(() => {}) });
  await never.run(29_900);
  assert.equal(never.error, undefined);
  await never.run(200);
  assert.match(String((never.error as unknown as ClosedError).message), /No token came within 30 s/);
  for (const getToken of [() => Promise.reject(undefined), () => undefined, () => 7, () => ""]) {
    const p = await join({ getToken: getToken as () => string });
    await p.run(500);
    assert.ok(p.error instanceof ClosedError, `${getToken}`);
    assert.match(p.error.message, /getToken/);
    assert.equal(p.urls.length, 0);
  }
});

test("later, a getToken that fails is asked again", async () => {
  let asked = 0;
  const p = await join({ getToken: () => (++asked === 2 ? Promise.reject(undefined) : "t") });
  await p.run(1000);
  p.network.cut();
  await p.run(5000);
  assert.deepEqual([p.room!.status.phase, asked, p.room!.stats.resumes], ["playing", 3, 1]);
});

test("attempts that met nobody don't count any more once the server has answered", async () => {
  const p = await join({ token: "t" });
  await p.run(1000);
  p.answer = undefined;
  p.network.refuse = true;
  p.network.cut();
  await p.run(60_000);
  const { length } = p.urls;
  assert.ok(length > 5 && length < 40, `${length} attempts in a minute`);
  p.answer = { status: 503, after: 1, detail: "draining" };
  while (p.urls.length === length) await p.run(100);
  await p.run(100);
  const s = p.room!.status;
  assert.equal(s.reason, "The server is busy: draining");
  assert.ok(s.retryIn >= 1000 && s.retryIn <= 1250, `again in ${s.retryIn} ms`);
});

test("a reason speaks of a seat that is kept only while there is one", async () => {
  const p = await join({ token: "t" });
  await p.run(1000);
  p.network.cut();
  await p.run(5000);
  const kept = p.seen.filter((s) => s.reason.includes("your seat is kept"));
  assert.ok(kept.length > 0 && kept.every((s) => s.phase === "resuming"));
  const q = await join({ token: "t" }); // dropped before the welcome
  await q.run(25);
  q.network.cut();
  await q.run(50);
  const last = q.seen.findLast((s) => s.reason)!;
  assert.deepEqual([last.phase, last.reason], ["connecting", "The connection was lost."]);
});

test("who comes back names the match, spectators too", async () => {
  for (const spectate of [false, true]) {
    const p = await join({ token: "t", spectate });
    p.server.watched = spectate;
    await p.run(1000);
    assert.equal(p.room!.player, spectate ? 0 : 1);
    p.network.cut();
    await p.run(5000);
    assert.equal(p.room!.status.phase, "playing");
    assert.deepEqual(p.urls.map((u) => new URL(u.url).searchParams.get("match")), [null, "m"]);
  }
});

test("nothing is left behind by who leaves when told that they play", async () => {
  const p = await join({ getToken: () => "t" });
  await p.run(1000);
  p.server.tokenLeft = 10_000; // a renewal would be due
  p.room!.onStatus((s) => void (s.phase === "playing" && p.room!.leave()));
  p.network.cut();
  const errors: unknown[] = [];
  const note = (e: unknown): void => void errors.push(e);
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  await p.run(30_000);
  process.off("uncaughtException", note);
  process.off("unhandledRejection", note);
  assert.deepEqual([errors, p.room!.status.phase, p.server.faults], [[], "closed", []]);
});
