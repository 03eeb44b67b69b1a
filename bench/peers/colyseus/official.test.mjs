// Plays with Colyseus' own client, and compares every state it has with the
// server's of the same tick: what the benchmark measures is a game that works.
import assert from "node:assert/strict"
import { test } from "node:test"
import { matchMaker } from "@colyseus/core"
import { Client } from "@colyseus/sdk"
import { serve } from "./serve.mjs"

test("the official client has the server's state, and everybody moves", { timeout: 30_000 }, async () => {
  const players = 3
  const server = await serve({ host: "127.0.0.1", port: 0, players, rate: 20 })
  const { port } = server.transport.server.address()
  const rooms = []
  for (let i = 0; i < players; i++) {
    rooms.push(await new Client(`http://127.0.0.1:${port}`).joinOrCreate("match"))
  }
  const id = rooms[0].roomId
  assert.ok(rooms.every(r => r.roomId === id), "one match has them all")
  const played = matchMaker.getLocalRoomById(id)
  const history = new Map() // of ticks: the ships
  played.onBeforePatch = state => history.set(state.tick, structuredClone(state.ships.toJSON()))

  const compared = await Promise.all(rooms.map((room, i) => new Promise((done, fail) => {
    let states = 0
    let before
    room.onError((code, text) => fail(new Error(`${code} ${text}`)))
    room.onStateChange(state => {
      const want = history.get(state.tick)
      if (!want) return // of the time before the history
      const ships = structuredClone(state.ships.toJSON())
      try {
        assert.deepEqual(rounded(ships), rounded(want))
        for (const s of before ? Object.keys(ships) : []) assert.notDeepEqual(ships[s], before[s], "everybody moves in every tick")
      } catch (e) {
        fail(e)
      }
      before = ships
      room.send("input", { thrust: 1, turn: states % 3 - 1 })
      if (++states === 40) done(states)
    })
  })))
  assert.deepEqual(compared, rooms.map(() => 40))
  assert.ok([...played.moves.values()].every(m => m.thrust === 1), "the server takes inputs")
  await Promise.all(rooms.map(r => r.leave()))
  await server.gracefullyShutdown(false)
})

// rounded is as the wire has it: 32 bits a number.
function rounded(ships) {
  return Object.fromEntries(Object.entries(ships).map(([id, s]) => [id, [s.x, s.y, s.angle].map(Math.fround)]))
}
