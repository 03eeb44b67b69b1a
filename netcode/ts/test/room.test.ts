import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, type Options, type Room } from "../src/index.ts";
import { ClosedError, type Status } from "../src/client/status.ts";
import { flyShip } from "./arena.ts";
import { chance } from "./recording.ts";
import { Server } from "./server.ts";
import { Network, World, type Conditions } from "./world.ts";

interface Play {
  world: World;
  server: Server;
  network: Network;
  room: Room;
  seen: Status[];
}

async function play(conditions: Conditions, seed = 1, options: Partial<Options> = {}): Promise<Play> {
  const world = new World(chance(seed));
  const server = new Server(world);
  const network = new Network(world, conditions, server);
  await world.run(1000);
  const seen: Status[] = [];
  const joined = connect({
    game: "arena",
    token: "t",
    transport: network.transport,
    environment: world.environment(),
    onStatus: (s) => seen.push(s),
    ...options,
  });
  await world.run(1500);
  return { world, server, network, room: await joined, seen };
}

/** Flies about: a new input now and then. */
async function fly(p: Play, ms: number, each = 33): Promise<void> {
  for (let t = 0; t < ms; t += each) {
    if (p.world.random() < 0.25) p.room.input({ Thrust: Math.floor(p.world.random() * 3) - 1, Turn: Math.floor(p.world.random() * 3) - 1 });
    await p.world.run(each);
  }
}

/** Each number that was given was applied, once and in order, and the server found no fault. */
async function exactlyOnce({ world, server, room }: Play): Promise<void> {
  for (let k = 0; k < 10 && room.stats.pending > 0; k++) await world.run(1000);
  assert.equal(room.stats.pending, 0);
  assert.deepEqual(server.faults, []);
  assert.deepEqual(server.applied, server.applied.map((_, k) => k + 1));
  assert.equal(room.stats.inputsSent, server.applied.length);
  assert.equal(room.stats.inputsLost + room.stats.inputsRepeated + room.stats.hashMismatches + room.stats.errors, 0);
}

const networks: Record<string, Conditions> = {
  perfect: { delay: 1, jitter: 0 },
  "150 ms": { delay: 75, jitter: 0 },
  "jitter of 40 ms": { delay: 30, jitter: 40 },
  stalls: { delay: 40, jitter: 10, stallEvery: 3000, stall: 400 },
};

for (const [name, conditions] of Object.entries(networks)) {
  test(`${name}: inputs arrive in time and once, own rows are predicted without a correction, nothing differs`, async () => {
    const p = await play(conditions);
    await p.room.predict({ Ships: flyShip });
    await fly(p, 6000);
    const { corrections, inputsLate, hashChecks } = p.room.stats;
    const before = p.room.own("Ships")[0]!.X as number;
    const xs = new Set<number>();
    for (let k = 0; k < 400; k++) {
      await fly(p, 33);
      xs.add(p.room.own("Ships")[0]!.X as number);
    }
    await exactlyOnce(p);
    assert.ok(p.server.applied.length > 50 && xs.size > 100, `${p.server.applied.length} inputs, ${xs.size} places from ${before}`);
    const late = p.room.stats.inputsLate - inputsLate;
    const corrected = p.room.stats.corrections - corrections;
    if (!conditions.stall) assert.ok(corrected <= late && late <= (conditions.jitter ? 2 : 0), `${corrected} corrections, ${late} late`);
    assert.ok(p.room.stats.hashChecks - hashChecks >= 10);
    assert.equal(p.server.keyframes, 1);
    assert.ok(p.room.stats.pending < 20);
  });
}

test("drops: the seat goes on, without a keyframe, and every input is applied once", async () => {
  const p = await play({ delay: 30, jitter: 10 }, 3);
  await p.room.predict({ Ships: flyShip });
  for (let k = 0; k < 8; k++) {
    await fly(p, 900);
    p.room.command("Renames", { Name: `n${k}` });
    if (k % 2) p.network.cut();
    else p.room.drop();
    for (let n = 0; n < 20; n++) {
      await fly(p, 800);
      if (p.room.status.phase === "playing") break;
    }
    if (k === 2) assert.equal(p.server.keyframes, 1); // later ones take longer than the server remembers
  }
  await exactlyOnce(p);
  assert.deepEqual(p.server.names, Array.from({ length: 8 }, (_, k) => `n${k}`));
  assert.equal(p.room.stats.resumes, 8);
  assert.equal(p.room.status.phase, "playing");
  assert.ok(p.seen.some((s) => s.phase === "resuming" && s.reason.includes("your seat is kept")));
  const mine = p.room.state.Ships!.get(1)!;
  const behind = Math.abs(mine.X - p.server.ship(1).X);
  assert.ok(behind < 40, `behind by ${behind}`);
});

test("an impulse by the server corrects, is drawn softly, and decays", async () => {
  const p = await play({ delay: 75, jitter: 0 });
  await p.room.predict({ Ships: flyShip });
  await fly(p, 3000);
  const { corrections } = p.room.stats;
  p.server.push(50);
  let drawn = p.room.interpolated.Ships!.get(1)!.X as number;
  let jump = 0;
  for (let k = 0; k < 60; k++) {
    await p.world.run(16);
    const x = p.room.interpolated.Ships!.get(1)!.X as number;
    jump = Math.max(jump, Math.abs(x - drawn));
    drawn = x;
  }
  assert.ok(p.room.stats.corrections > corrections && p.room.stats.largest >= 49, `largest ${p.room.stats.largest}`);
  assert.ok(jump < 25, `jumped by ${jump}`);
  const own = p.room.own("Ships")[0]!.X as number;
  assert.ok(Math.abs(own - drawn) < 10);
});

test("others move evenly, and what a stall held up is not played back", async () => {
  const p = await play({ delay: 30, jitter: 25, stallEvery: 4000, stall: 500 }, 9);
  let last: number | undefined;
  let moved = 0;
  let most = 0;
  for (let k = 0; k < 1200; k++) {
    await p.world.run(1000 / 60);
    const x = p.room.interpolated.Ships!.get(2)!.X as number;
    if (last !== undefined && x !== last) moved++;
    if (last !== undefined) most = Math.max(most, Math.abs(x - last));
    last = x;
  }
  const { delay } = p.room.stats;
  assert.ok(moved > 900, `moved in ${moved} of 1200 pictures`);
  assert.ok(delay > 33 && delay < 300, `delay ${delay}`);
  const age = p.server.tick - p.room.state.Round!.id;
  assert.ok(age > 0 && most < 120, `largest step ${most}`);
});

// Browsers run the timers of a hidden tab once a second, after five minutes once a minute.
for (const [throttle, away] of [[1000, 30_000], [60_000, 600_000]] as const) {
  test(`a background tab whose timers run every ${throttle / 1000} s keeps up, is not closed, and comes back without a keyframe`, async () => {
    const p = await play({ delay: 40, jitter: 10 });
    await p.room.predict({ Ships: flyShip });
    await fly(p, 2000);
    p.world.throttle = throttle;
    p.world.page("hidden");
    await p.world.run(away);
    const behind = p.server.tick - (p.room.stats.snapshots > 0 ? p.room.tick : 0);
    p.world.throttle = 0;
    p.world.page("shown");
    await fly(p, 2000);
    assert.equal(p.server.gone, 0);
    assert.equal(p.network.connections, 1);
    assert.equal(p.server.keyframes, 1);
    assert.ok(behind < 10, `the prediction was ${behind} ticks behind`);
    assert.ok(p.room.stats.snapshots > 900);
    await exactlyOnce(p);
  });
}

test("a page that was frozen finds its connection again, or resumes once", async () => {
  const p = await play({ delay: 40, jitter: 10 });
  await fly(p, 2000);
  p.world.throttle = 60_000; // no timer, and the server sees silence
  const cutAt = p.server.tick;
  p.network.conditions.delay = 100_000;
  await p.world.run(20_000);
  p.world.throttle = 0;
  p.network.conditions.delay = 40;
  p.network.cut();
  p.world.page("shown");
  await fly(p, 4000);
  assert.ok(p.server.tick > cutAt + 600);
  assert.equal(p.room.status.phase, "playing");
  assert.equal(p.room.stats.resumes, 1);
  assert.ok(p.server.keyframes <= 2);
  await exactlyOnce(p);
});

test("a first state that takes long to arrive is waited for; later silence is not", async () => {
  const p = await play({ delay: 20, jitter: 0 });
  p.server.stuck = true;
  p.network.cut();
  await p.world.run(20_000);
  assert.equal(p.network.connections, 2, "the connection that waits for its first state is given up");
  p.server.stuck = false;
  await fly(p, 2000);
  assert.equal(p.room.status.phase, "playing");
  await exactlyOnce(p);
  p.server.stuck = true;
  await p.world.run(8000);
  assert.equal(p.network.connections, 3, "silence after it is not noticed");
});

test("offline: attempts are spaced out, and online tries at once", async () => {
  const p = await play({ delay: 10, jitter: 0 });
  p.network.refuse = true;
  p.network.cut();
  await p.world.run(60_000);
  const tries = p.network.connections;
  assert.ok(tries > 5 && tries < 40, `${tries} attempts in a minute`);
  assert.equal(p.room.status.phase, "resuming");
  p.network.refuse = false;
  p.world.page("online");
  await p.world.run(100);
  assert.equal(p.room.status.phase, "playing");
  await exactlyOnce(p);
});

test("a wrong check asks for one keyframe a second, no more", async () => {
  const p = await play({ delay: 20, jitter: 0 });
  p.server.sum = false;
  await p.world.run(5000);
  p.server.sum = true;
  const { hashMismatches } = p.room.stats;
  await p.world.run(3000);
  assert.ok(hashMismatches >= 4 && p.room.stats.hashMismatches <= hashMismatches + 1);
  assert.ok(p.server.keyframes >= 4 && p.server.keyframes <= 7, `${p.server.keyframes} keyframes`);
  assert.equal(p.network.connections, 1);
});

test("acks come as rarely as the newest check allows, and at a new connection as the welcome says", async () => {
  const p = await play({ delay: 20, jitter: 0 });
  const acks = async (): Promise<number> => {
    await p.world.run(1500); // for the next check, which comes once a second
    const before = p.server.acks;
    await p.world.run(4000);
    return p.server.acks - before;
  };
  const rate = p.server.schema.snapshotRate * 4;
  const near = (n: number, every: number): void => assert.ok(Math.abs(n - rate / every) <= 2, `${n} acks for ${rate} snapshots, one for ${every} wanted`);
  near(await acks(), 3);
  p.server.ackEvery = 6;
  near(await acks(), 6);
  p.server.ackEvery = undefined;
  near(await acks(), 3);
  p.server.ackEvery = 6;
  await acks();
  p.server.ackEvery = undefined;
  p.room.drop();
  await p.world.run(700);
  const before = p.server.acks;
  await p.world.run(900);
  assert.equal(p.network.connections, 2);
  assert.ok(p.server.acks - before > 6, `${p.server.acks - before} acks in the first second of a new connection`);
});

test("close codes: give up says why, and the room is closed", async () => {
  const p = await play({ delay: 10, jitter: 0 });
  const conn = (p.server as unknown as { conn: { peer: { close(c: number, r: string): void } } }).conn;
  conn.peer.close(4202, "be nice");
  await p.world.run(100);
  assert.equal(p.room.status.phase, "closed");
  assert.equal(p.room.status.reason, "You were removed from the match. (be nice)");
  assert.equal(p.room.status.code, 4202);
  await p.world.run(30_000);
  assert.equal(p.network.connections, 1);
});

test("connect rejects when there is no server", async () => {
  const world = new World(chance(1));
  const network = new Network(world, { delay: 10, jitter: 0 }, new Server(world));
  network.refuse = true;
  const joined = connect({ game: "arena", token: "t", transport: network.transport, environment: world.environment() });
  const failed = assert.rejects(joined, (e) => e instanceof ClosedError && e.status.action === "give up");
  await world.run(1000);
  await failed;
});

test("inputs that wait are bounded, and the newest state of the controls is kept", async () => {
  const p = await play({ delay: 10, jitter: 0 });
  p.network.refuse = true;
  p.network.cut();
  for (let k = 0; k < 200; k++) p.room.command("Renames", { Name: `${k}` });
  p.room.input({ Turn: 1 });
  assert.equal(p.room.stats.pending, 64);
  assert.equal(p.room.command("Renames", { Name: "one more" }), false);
  p.network.refuse = false;
  p.world.page("online");
  await p.world.run(3000);
  assert.equal(p.server.names.length, 64);
  assert.equal(p.room.stats.pending, 0);
  await exactlyOnce(p);
});

test("wrong names are told with the right ones", async () => {
  const p = await play({ delay: 10, jitter: 0 });
  for (const [value, name] of [[NaN, "NaN"], [undefined! / 1, "NaN"], ["left", "left"], [{}, "object"], [null, "null"]] as const) {
    assert.throws(() => p.room.input({ Turn: value as never }), new RegExp(`input field "Turn" is .*${name}.*; it has to be a number`, "i"));
  }
  p.room.input({ Turn: true as never }); // counts as 1
  assert.throws(() => p.room.input({ Trust: 1 }), /no input field "Trust"; it has Thrust, Turn, Fire/);
  assert.throws(() => p.room.onAdded("Ship", () => {}), /no table or value "Ship"; it has .*Ships/);
  assert.throws(() => p.room.command("Rename", {}), /no command "Rename"; it has Renames/);
});

test("rows are told when they appear, change and go, and do not change under one's feet", async () => {
  const p = await play({ delay: 10, jitter: 0 });
  const added: number[] = [];
  let changes = 0;
  p.room.onAdded("Ships", (s) => added.push(s.id));
  const stop = p.room.onChanged("Ships", (is, was) => {
    assert.notEqual(is, was);
    assert.equal(is.id, was.id);
    changes++;
  });
  assert.deepEqual(added, [1, 2]);
  const row = p.room.state.Ships!.get(2)!;
  const x = row.X;
  await p.world.run(500);
  assert.equal(row.X, x);
  assert.notEqual(p.room.state.Ships!.get(2), row);
  assert.ok(changes > 10);
  stop();
  const n = changes;
  await p.world.run(500);
  assert.equal(changes, n);
  assert.equal([...p.room.state.Ships!].length, p.room.state.Ships!.size);
});
