import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { playURL, tokens } from "../src/client/target.ts";
import { Api } from "../src/matchmake/api.ts";
import { parseAddress } from "../src/platform/address.ts";
import { browser } from "../src/platform/environment.ts";

const env = { ...browser(), origin: "https://page.example" };

test("addresses are read as the Go client reads them", () => {
  const rows = JSON.parse(readFileSync(new URL("../../testdata/addresses.json", import.meta.url), "utf8")) as { address: string; api: string; play: string }[];
  assert.ok(rows.length > 5);
  for (const row of rows) {
    const { api, play } = parseAddress(row.address, env);
    assert.deepEqual({ address: row.address, api: api.href, play: play.href }, row);
  }
  assert.throws(() => parseAddress("ftp://host", env), /must look like/);
  assert.throws(() => parseAddress("http://", env), /must look like/);
});

test("without an address it is the page's origin, and a path alone is relative to that", () => {
  assert.equal(parseAddress(undefined, env).play.href, "wss://page.example/play");
  assert.equal(parseAddress("/arena", env).api.href, "https://page.example/arena/");
});

test("below a prefix the WebSocket, the guest's token and matchmaking keep the prefix", async () => {
  const asked: string[] = [];
  const fetch = async (url: string): Promise<Response> => {
    asked.push(url);
    return new Response(JSON.stringify({ token: "x" }), { status: 201 });
  };
  const target = { url: "https://host/eu/arena", game: "arena", match: "m1" };
  assert.equal(playURL(target, env), "wss://host/eu/arena/play?game=arena&match=m1");
  await tokens(target, { ...env, fetch }).next();
  await new Api({ url: "https://host/eu/arena", environment: { ...env, fetch } }).request({ method: "GET", path: "/v1/tickets/t1" }, new AbortController().signal);
  assert.deepEqual(asked, ["https://host/eu/arena/v1/guest", "https://host/eu/arena/v1/guest", "https://host/eu/arena/v1/tickets/t1"]);
});
