// The benchmark's game as a Colyseus room: Arbiter's workload (package
// bench/workload), written the way Colyseus' manual writes a room. State that
// everybody sees is in the schema; what only the rules need is beside it.
import { Room } from "@colyseus/core"
import { schema, t } from "@colyseus/schema"

export const Ship = schema({ x: t.float32(), y: t.float32(), angle: t.float32() }, "Ship")
export const State = schema({ tick: t.uint32().default(0), ships: t.map(Ship) }, "State")

const side = 1000 // of the field, in units
const pull = 60 // units a second, in a second, of thrust
const swing = 3 // radians a second, in a second, of turning
const twist = 1.4 // radians a second that a ship turns on top of its spin
const top = 90 // units a second
const slow = 10

const within = (v, low, high) => Math.min(Math.max(v, low), high)

// bounce keeps a ship between 0 and side.
function bounce(at, v) {
  if (at < 0) return [-at, -v]
  if (at > side) return [2 * side - at, -v]
  return [at, v]
}

export class Match extends Room {
  state = new State()
  patchRate = null // a patch is sent after each step, below
  seatReservationTimeout = 60 // seconds: the load generator reserves many seats, then takes them
  moves = new Map() // of a session: what its player does, and how fast the ship is

  messages = {
    input: (client, { thrust, turn }) => {
      const m = this.moves.get(client.sessionId)
      m.thrust = within(thrust | 0, -1, 1)
      m.turn = within(turn | 0, -1, 1)
    },
  }

  onCreate({ players, rate }) {
    this.maxClients = players
    this.maxMessagesPerSecond = 120
    this.setTimestep(() => {
      this.step(1 / rate)
      this.broadcastPatch()
    }, 1000 / rate)
  }

  onJoin({ sessionId }) {
    const angle = Math.random() * 2 * Math.PI
    this.moves.set(sessionId, { thrust: 0, turn: 0, spin: 0, vx: 40 * Math.cos(angle), vy: 40 * Math.sin(angle) })
    const ship = new Ship()
    ship.x = Math.random() * side
    ship.y = Math.random() * side
    ship.angle = angle
    this.state.ships.set(sessionId, ship)
  }

  onLeave({ sessionId }) {
    this.moves.delete(sessionId)
    this.state.ships.delete(sessionId)
  }

  step(dt) {
    this.state.tick++
    for (const [id, ship] of this.state.ships.entries()) {
      const m = this.moves.get(id)
      m.spin = within(m.spin + m.turn * swing * dt, -0.9, 0.9)
      const angle = ship.angle + (m.spin + twist) * dt
      const sin = Math.sin(angle)
      const cos = Math.cos(angle)
      m.vx += m.thrust * pull * cos * dt
      m.vy += m.thrust * pull * sin * dt
      const v = Math.hypot(m.vx, m.vy)
      if (v > top) {
        m.vx *= top / v
        m.vy *= top / v
      } else if (v < slow) {
        m.vx = slow * cos
        m.vy = slow * sin
      }
      ship.angle = angle % (2 * Math.PI)
      const [x, vx] = bounce(ship.x + m.vx * dt, m.vx)
      const [y, vy] = bounce(ship.y + m.vy * dt, m.vy)
      ship.x = x
      ship.y = y
      m.vx = vx
      m.vy = vy
    }
  }
}
