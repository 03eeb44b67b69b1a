// A Colyseus server of the benchmark's game:
//   node server.mjs --addr 127.0.0.1:2567 --players 10 --rate 20
import { parseArgs } from "node:util"
import { serve } from "./serve.mjs"

const { values } = parseArgs({
  options: {
    addr: { type: "string", default: "127.0.0.1:2567" },
    players: { type: "string", default: "10" },
    rate: { type: "string", default: "20" },
  },
})
const [host, port] = values.addr.split(":")
await serve({ host, port: +port, players: +values.players, rate: +values.rate })
