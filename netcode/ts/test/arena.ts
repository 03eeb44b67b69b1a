// The flight of game/arena/flight.go, as someone would write it who predicts by
// a step of their own. Fields are rounded by the client after each.

const TopSpin = 0.6 * 2 * Math.PI;
const SpinUp = 9 * TopSpin;
const headings = 1024;
const radius = 12;

const cosines = Array.from({ length: headings + headings / 4 }, (_, i) => roundAway(Math.cos((2 * Math.PI * i) / headings) * (1 << 20)) / (1 << 20));

function roundAway(v: number): number {
  return Math.sign(v) * Math.round(Math.abs(v));
}

function roundToEven(v: number): number {
  const r = Math.round(v);
  return Math.abs(v % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

function glide(x: number, v: number, dt: number, size: number): [number, number] {
  x += v * dt;
  if (x < radius) return [radius, Math.abs(v) * 0.5];
  if (x > size - radius) return [size - radius, -Math.abs(v) * 0.5];
  return [x, v];
}

export interface Ship {
  X: number;
  Y: number;
  VX: number;
  VY: number;
  Angle: number;
  Spin: number;
  Thrust: boolean;
  Ready: number;
}

export function flyShip(s: Ship, input: { Thrust: number; Turn: number; Fire: boolean }, at: { dt: number; tick: number }): void {
  const change = SpinUp * at.dt;
  s.Spin = Math.min(Math.max(input.Turn * TopSpin, s.Spin - change), s.Spin + change);
  s.Angle += s.Spin * at.dt;
  s.Thrust = input.Thrust > 0;
  const a = input.Thrust * (input.Thrust < 0 ? 160 : 260);
  const i = roundToEven(s.Angle * (headings / (2 * Math.PI))) & (headings - 1);
  const cos = cosines[i]!;
  const sin = cosines[(i + headings - headings / 4) & (headings - 1)]!;
  const keep = 1 - 0.6 * at.dt;
  s.VX = s.VX * keep + a * cos * at.dt;
  s.VY = s.VY * keep + a * sin * at.dt;
  [s.X, s.VX] = glide(s.X, s.VX, at.dt, 1152);
  [s.Y, s.VY] = glide(s.Y, s.VY, at.dt, 648);
  if (input.Fire && at.tick >= s.Ready) s.Ready = at.tick + 8;
}
