import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type Options, type Room } from "../src/index.ts";
import { chance } from "./recording.ts";
import { Server } from "./server.ts";
import { Network, World } from "./world.ts";

interface Play {
  world: World;
  server: Server;
  network: Network;
  room: Room;
  asked: number[]; // when the token was
  sent: string[]; // in renew messages
}

/** Plays with sessions of left ms. tokens gives each token; judge says why the server refuses it. */
async function play(left: number, tokens: (n: number) => string | Promise<string>, judge: (n: number) => string = () => ""): Promise<Play> {
  const world = new World(chance(1));
  const server = new Server(world);
  const network = new Network(world, { delay: 10, jitter: 0 }, server);
  const asked: number[] = [];
  const sent: string[] = [];
  let ends = left;
  server.tokenLeft = left;
  server.renew = (token) => {
    sent.push(token);
    const why = judge(sent.length);
    if (!why) ends = world.now + left;
    return [Math.max(Math.floor(ends - world.now), 0), why];
  };
  const options: Options = {
    game: "arena",
    getToken: async () => tokens(asked.push(world.now)),
    transport: network.transport,
    environment: world.environment(),
  };
  const joined = connect(options);
  await world.run(200);
  return { world, server, network, room: await joined, asked, sent };
}

test("a new token is sent before the old one expires, again and again", async () => {
  const p = await play(10_000, (n) => `token ${n}`);
  await p.world.run(60_000);
  assert.ok(p.sent.length >= 7 && p.sent.length <= 9, `${p.sent.length} in a minute`);
  assert.deepEqual(p.sent, p.sent.map((_, k) => `token ${k + 2}`));
  const waits = p.asked.slice(2).map((at, k) => at - p.asked[k + 1]!);
  assert.ok(waits.every((w) => w >= 7000 && w <= 8100), waits.join());
  assert.ok(new Set(waits).size > 3, "no chance in it");
  assert.equal(p.network.connections, 1);
  assert.deepEqual(p.server.faults, []);
  p.room.leave();
  const { length } = p.asked;
  await p.world.run(60_000);
  assert.equal(p.asked.length, length, "asked after it left");
});

test("it is tried again while there is time", async () => {
  const failing = await play(20_000, (n) => (n > 1 && n < 4 ? Promise.reject(new Error("offline")) : "token"));
  await failing.world.run(20_000);
  assert.deepEqual(failing.sent, ["token"]);
  assert.equal(failing.asked.length, 4);

  const refused = await play(20_000, () => "token", (n) => (n < 3 ? "token-audience" : ""));
  await refused.world.run(20_000);
  assert.equal(refused.sent.length, 3);
  assert.equal(refused.network.connections, 1);

  const hopeless = await play(20_000, () => "token", () => "token-subject");
  await hopeless.world.run(60_000);
  assert.ok(hopeless.sent.length > 3 && hopeless.sent.length < 12, `${hopeless.sent.length} tries`);
});

test("nothing is sent to a server that does not speak of tokens", async () => {
  const p = await play(0, () => "token");
  p.server.renew = undefined;
  await p.world.run(60_000);
  assert.deepEqual([p.asked.length, p.server.faults], [1, []]);
});

test("lifetimes beyond what timers can count are not over at once", async () => {
  const p = await play(2 ** 32 - 1, () => "token");
  await p.world.run(60_000);
  assert.deepEqual(p.sent, []);
});

function close(p: Play, code: number): void {
  (p.server as unknown as { conn: { peer: { close(c: number, r: string): void } } }).conn.peer.close(code, "");
}

test("after it expired the seat is resumed with another token", async () => {
  const p = await play(0, (n) => `token ${n}`);
  const { player } = p.room;
  close(p, 4209);
  await p.world.run(1000);
  assert.equal(p.room.status.phase, "playing");
  assert.deepEqual([p.asked.length, p.network.connections, p.room.stats.resumes, p.room.player], [2, 2, 1, player]);
});

test("without another token it is the end", async () => {
  const world = new World(chance(1));
  const server = new Server(world);
  const network = new Network(world, { delay: 10, jitter: 0 }, server);
  server.tokenLeft = 10_000;
  const joined = connect({ game: "arena", token: "t", transport: network.transport, environment: world.environment() });
  await world.run(9500);
  const room = await joined;
  assert.deepEqual(server.faults, [], "a token was sent again");
  close({ server } as Play, 4209);
  await world.run(30_000);
  assert.deepEqual([room.status.phase, room.status.code, network.connections], ["closed", 4209, 1]);
});
