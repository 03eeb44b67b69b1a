import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../src/index.ts";
import { chance } from "./recording.ts";
import { Server } from "./server.ts";
import { Network, World } from "./world.ts";

/** A development server's HTTP side. It knows the guests it made since it was last started. */
class Guests {
  made = 0;
  asked: string[] = [];
  #known = new Set<string>();

  restart(): void {
    this.#known.clear();
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const path = new URL(url).pathname;
    this.asked.push(path);
    if (path === "/v1/guest") {
      const token = `guest ${++this.made}`;
      this.#known.add(token);
      return new Response(JSON.stringify({ token }), { status: 201 });
    }
    const known = this.#known.has(new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "");
    return new Response("{}", { status: known ? 404 : 401 });
  };
}

async function join() {
  const world = new World(chance(4));
  const guests = new Guests();
  const network = new Network(world, { delay: 10, jitter: 0 }, new Server(world));
  const tokens: string[] = [];
  const joined = connect({
    game: "arena",
    environment: { ...world.environment(), fetch: guests.fetch },
    transport: (url, protocols) => {
      tokens.push(protocols[1]!);
      return network.transport(url, protocols);
    },
  });
  for (let k = 0; k < 50; k++) await settle(world, 20);
  return { world, guests, network, tokens, room: await joined };
}

/** Lets time pass, and promises that wait for each other. */
async function settle(world: World, ms: number): Promise<void> {
  await world.run(ms);
  await new Promise((resolve) => setImmediate(resolve));
}

test("a guest whom a server does not know any more comes back as another one, to another seat", async () => {
  const { world, guests, network, tokens, room } = await join();
  guests.restart();
  network.refuse = true;
  network.cut();
  for (let k = 0; k < 20; k++) await settle(world, 100);
  network.refuse = false;
  for (let k = 0; k < 200; k++) await settle(world, 50);
  assert.equal(room.status.phase, "playing");
  assert.deepEqual([...new Set(tokens)], ["token.guest 1", "token.guest 2"]);
  assert.equal(guests.made, 2);
  assert.deepEqual([room.stats.seats, room.stats.resumes], [2, 0]);
});

test("a guest whom the server knows keeps token and seat, however often he is turned away", async () => {
  const { world, guests, network, tokens, room } = await join();
  network.refuse = true;
  network.cut();
  for (let k = 0; k < 100; k++) await settle(world, 50);
  network.refuse = false;
  for (let k = 0; k < 200; k++) await settle(world, 50);
  assert.equal(room.status.phase, "playing");
  assert.ok(tokens.length > 2 && guests.asked.includes("/v1/matches"));
  assert.deepEqual([...new Set(tokens)], ["token.guest 1"]);
  assert.deepEqual([room.stats.seats, room.stats.resumes], [1, 1]);
});
