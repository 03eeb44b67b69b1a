// A shooting range: a ship that stays where it is shoots at one that crosses
// its line of fire, and aims at what it sees.

import { steer, still, turnTo } from "./pilot.js";

const bulletFast = 420; // units/s
const noseAt = 12; // units before the middle of a ship
const drag = 0.6; // of the speed, a second
const near = 2; // units by which a shot that is worth firing may miss the middle
const distance = 130; // units from the shooter to where the target flies
const speedAcross = 140; // units/s
const farthest = 17; // ticks that such a shot may fly
const oldest = 385; // ms by which the shooter may see the target late; the rules look back 400

/**
 * Fires so many shots, of a client with this latency (ms), and returns for each
 * whether the server called it a hit, and how late the shooter saw the target.
 */
export async function range({ game, shots, latency, patience }, { begin, join, rowOf, until }) {
  const match = await begin(game);
  const target = await join({ game, match, name: "target" });
  const shooter = await join({ game, match, name: "shooter", latency, predicts: true });
  const prey = new Prey(target.room, shooter.room, rowOf);
  const gun = new Gun(shooter.room, target.room.player, prey, rowOf);
  target.room.onSnapshot(() => prey.fly());
  const timer = setInterval(() => gun.look(), 4);
  try {
    await until(() => gun.judged.length >= shots, `${shots} shots in ${game}`, patience, 50);
  } finally {
    clearInterval(timer);
    for (const { room } of [target, shooter]) room.leave();
  }
  return gun.judged.map((shot) => ({ ...shot, rtt: shooter.room.stats.rtt }));
}

/** The target: it flies to and fro before the shooter, on the side where the field is. */
class Prey {
  #heading = 1;
  steady = 0; // until this time (ms) it changes nothing

  constructor(room, shooter, rowOf) {
    this.own = () => rowOf(room.state.Ships, room.player);
    this.shooter = () => rowOf(shooter.state.Ships, shooter.player);
    this.room = room;
  }

  fly() {
    const own = this.own();
    const shooter = this.shooter();
    if (!own || !shooter) return;
    if (performance.now() < this.steady) return this.room.input({ Thrust: 0, Turn: 0 });
    const { W, H } = this.room.state.Field;
    const n = away(inward(shooter.X, W), inward(shooter.Y, H)); // from the shooter to the middle of the target's path
    const x = own.X - shooter.X;
    const y = own.Y - shooter.Y;
    const along = y * n.x - x * n.y;
    const off = distance - (x * n.x + y * n.y);
    if (along * this.#heading > 60) this.#heading *= -1;
    const far = Math.abs(along) > 300 || Math.abs(off) > 100;
    const speed = far ? within(-1.2 * along, 260) : this.#heading * speedAcross;
    const closer = within(1.2 * off, far ? 260 : 60);
    this.room.input(steer(own, closer * n.x - speed * n.y, closer * n.y + speed * n.x));
  }
}

const within = (v, most) => Math.max(-most, Math.min(most, v));

/** 0, or which way to go to be further from a wall. */
const inward = (v, size) => (v < 250 ? 1 : v > size - 250 ? -1 : 0);

/** A direction of length 1. */
function away(x, y) {
  if (x === 0 && y === 0) return { x: 0, y: 1 };
  const long = Math.hypot(x, y);
  return { x: x / long, y: y / long };
}

/** The shooter. */
class Gun {
  judged = [];
  #tick = 0;
  #fired = null;
  #looked = 0;
  #shaken = 0; // when the picture last stood still, which is more than the latency to be tested
  #seen = []; // of the target: { at, x, y }

  constructor(room, player, prey, rowOf) {
    this.room = room;
    this.prey = prey;
    this.player = player;
    this.rowOf = rowOf;
    let last = 0;
    room.onSnapshot(() => {
      const now = performance.now();
      if (now - last > 80) this.#shaken = now;
      last = now;
    });
    room.onEvent("Hits", (e) => {
      if (this.#fired && e.By === room.player && e.Who === player) this.#judge(true);
    });
  }

  #judge(hit) {
    const { late, speed, miss } = this.#fired;
    this.judged.push({ hit, late, speed, miss });
    this.#fired = null;
  }

  /** Looks at the picture, once for each tick that inputs are made for. */
  look() {
    const { room } = this;
    const now = performance.now();
    if (now - this.#looked > 25) this.#shaken = now;
    this.#looked = now;
    if (room.tick === this.#tick) return;
    this.#tick = room.tick;
    const own = room.own("Ships")[0];
    const drawn = this.rowOf(room.interpolated.Ships, this.player);
    if (this.#fired && performance.now() > this.#fired.at + 1600) this.#judge(false);
    if (!own || !drawn) {
      this.#seen = [];
      return still(room);
    }
    const v = this.#watch(drawn);
    const path = v && ((ticks) => ahead(drawn, v, ticks / room.tickRate));
    if (!path) return;
    const wish = { Thrust: 0, Turn: aim(own, path), Fire: false };
    const shot = this.#fired ? null : this.#worth(own, path, v, drawn);
    if (shot) {
      wish.Fire = true;
      wish.Turn = 0;
      const target = this.prey.own();
      this.#fired = { at: performance.now(), speed: v.speed, miss: shot, late: target ? Math.hypot(target.X - drawn.X, target.Y - drawn.Y) / v.speed : 0 };
      this.prey.steady = performance.now() + 900;
    }
    room.input(wish);
  }

  /** Learns how fast the target is seen to fly. */
  #watch({ id, X: x, Y: y }) {
    const at = performance.now();
    if (this.#seen.at(-1)?.id !== id) this.#seen = [];
    this.#seen.push({ id, at, x, y });
    if (this.#seen.length > 6) this.#seen.shift();
    const first = this.#seen[0];
    const dt = (at - first.at) / 1000;
    if (this.#seen.length < 6 || dt > 0.4) return null;
    const vx = (x - first.x) / dt;
    const vy = (y - first.y) / dt;
    return { vx, vy, speed: Math.hypot(vx, vy) };
  }

  /** By how many units a shot fired in the next tick would miss, if it is worth firing; else null. */
  #worth(own, path, { vx, vy, speed }, drawn) {
    const { W, H } = this.room.state.Field;
    const end = path(32);
    if (own.Spin !== 0 || own.Ready > this.#tick || drawn.Safe > this.#tick || speed > 170) return null;
    if (Math.abs(vx * Math.sin(own.Angle) - vy * Math.cos(own.Angle)) < 100) return null; // it must cross the line of fire
    if (end.x < 20 || end.y < 20 || end.x > W - 20 || end.y > H - 20) return null;
    const { rtt, lead, delay } = this.room.stats;
    if (rtt / 2 + lead + delay > oldest) return null; // this machine is too busy just now
    if (performance.now() < Math.max(this.prey.steady, this.#shaken + 400)) return null;
    let least = Infinity;
    for (let k = 1; k <= farthest; k++) {
      const p = path(k);
      const far = noseAt + (bulletFast * k) / this.room.tickRate;
      least = Math.min(least, Math.hypot(own.X + far * Math.cos(own.Angle) - p.x, own.Y + far * Math.sin(own.Angle) - p.y));
    }
    return least < 12 && this.#across(own, path) < near ? this.#across(own, path) : null;
  }

  /** How far from the line of fire the target is when the bullet is there. */
  #across(own, path) {
    const cos = Math.cos(own.Angle);
    const sin = Math.sin(own.Angle);
    for (let k = 0; k <= farthest; k += 0.1) {
      const { x, y } = path(k);
      const along = (x - own.X) * cos + (y - own.Y) * sin;
      if (along <= noseAt + (bulletFast * k) / this.room.tickRate) return along > 60 ? Math.abs((y - own.Y) * cos - (x - own.X) * sin) : Infinity;
    }
    return Infinity;
  }
}

/** Where something that coasts is after a time. */
function ahead({ X, Y }, { vx, vy }, seconds) {
  const far = (1 - Math.exp(-drag * seconds)) / drag;
  return { x: X + vx * far, y: Y + vy * far };
}

/** Which way to turn to lie in wait: to where a shot half a second from now would be aimed. */
function aim(own, path) {
  const later = 14;
  let flight = 0;
  for (let n = 0; n < 4; n++) {
    const p = path(later + flight);
    flight = (Math.max(Math.hypot(p.x - own.X, p.y - own.Y) - noseAt, 0) / bulletFast) * 30;
  }
  const p = path(later + flight);
  const angle = Math.atan2(p.y - own.Y, p.x - own.X);
  const off = Math.abs(Math.atan2(Math.sin(angle - own.Angle), Math.cos(angle - own.Angle)));
  return off < 0.35 && own.Spin === 0 ? 0 : turnTo(own, angle);
}
