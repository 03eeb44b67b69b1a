import { Server } from "@colyseus/core"
import { WebSocketTransport } from "@colyseus/ws-transport"
import { Match } from "./match.mjs"

// serve listens for players of matches, which step rate times a second.
export async function serve({ host, port, players, rate }) {
  const server = new Server({ greet: false, transport: new WebSocketTransport() })
  server.define("match", Match, { players, rate })
  await server.listen(port, host)
  return server
}
