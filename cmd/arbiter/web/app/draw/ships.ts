// Ships, bullets and drones, in field units.

import type { Bullet, Drone, Ship } from "./scene.ts";
import { colours, faded } from "../theme.ts";

type Context = CanvasRenderingContext2D;

/** The radius within which a bullet hits. */
export const shipRadius = 12;

function hull(g: Context): void {
  g.beginPath();
  g.moveTo(15, 0);
  g.quadraticCurveTo(2, -4, -11, -10.5);
  g.lineTo(-6.5, 0);
  g.lineTo(-11, 10.5);
  g.quadraticCurveTo(2, 4, 15, 0);
  g.closePath();
}

/** Paints a ship; `grow` enlarges it where the field is far away. */
export function paintShip(g: Context, s: Ship, colour: string, tick: number, grow = 1): void {
  g.save();
  g.translate(s.x, s.y);
  g.scale(grow, grow);
  if (s.safe > tick) paintShield(g, colour);
  const glow = g.createRadialGradient(0, 0, 4, 0, 0, 30);
  glow.addColorStop(0, faded(colour, 0.22));
  glow.addColorStop(1, faded(colour, 0));
  g.fillStyle = glow;
  g.fillRect(-30, -30, 60, 60);
  g.rotate(s.angle);
  if (s.thrust) paintFlame(g);
  hull(g);
  const body = g.createLinearGradient(0, -10, 0, 10);
  body.addColorStop(0, faded(colour, 0.7));
  body.addColorStop(0.5, colour);
  body.addColorStop(1, faded(colour, 0.7));
  g.fillStyle = colours().space;
  g.fill();
  g.fillStyle = body;
  g.fill();
  g.lineWidth = 1.4;
  g.lineJoin = "round";
  g.strokeStyle = colours().dark ? "#ffffff66" : "#10141c55";
  g.stroke();
  g.fillStyle = colours().dark ? "#ffffffd9" : "#10141cd9";
  g.beginPath();
  g.ellipse(2.5, 0, 3.6, 1.7, 0, 0, 2 * Math.PI);
  g.fill();
  g.restore();
}

function paintFlame(g: Context): void {
  const long = 11 + 9 * Math.random();
  for (const [width, length, colour] of [[5.5, 1, "#ff7b39cc"], [3.2, 0.62, "#ffe29acc"]] as const) {
    g.fillStyle = colour;
    g.beginPath();
    g.moveTo(-7, -width);
    g.quadraticCurveTo(-7 - long * length * 0.7, -width * 0.5, -8 - long * length, 0);
    g.quadraticCurveTo(-7 - long * length * 0.7, width * 0.5, -7, width);
    g.closePath();
    g.fill();
  }
}

function paintShield(g: Context, colour: string): void {
  const beat = 0.5 + 0.5 * Math.sin(performance.now() / 110);
  g.strokeStyle = faded(colour, 0.25 + 0.4 * beat);
  g.lineWidth = 1.5;
  g.beginPath();
  g.arc(0, 0, 20, 0, 2 * Math.PI);
  g.stroke();
  g.fillStyle = faded(colour, 0.08);
  g.fill();
}

/** Paints where the server has a ship: an outline only. */
export function paintGhost(g: Context, s: Ship, from: Ship | undefined): void {
  const colour = colours().text;
  if (from && Math.hypot(from.x - s.x, from.y - s.y) > 2) {
    g.strokeStyle = faded(colour, 0.35);
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(from.x, from.y);
    g.lineTo(s.x, s.y);
    g.stroke();
  }
  g.save();
  g.translate(s.x, s.y);
  g.rotate(s.angle);
  hull(g);
  g.setLineDash([3, 2.5]);
  g.lineWidth = 1.2;
  g.strokeStyle = faded(colour, 0.75);
  g.stroke();
  g.restore();
}

/** Paints a bullet with a tail to where it was. */
export function paintBullet(g: Context, b: Bullet, dx: number, dy: number, colour: string): void {
  const long = Math.hypot(dx, dy) || 1, tail = 15;
  const x = b.x - (dx / long) * tail, y = b.y - (dy / long) * tail;
  g.lineCap = "round";
  for (const [width, ink] of [[6, faded(colour, 0.22)], [2.6, colour], [1.1, colours().dark ? "#ffffff" : faded(colour, 1)]] as const) {
    g.strokeStyle = ink;
    g.lineWidth = width;
    g.beginPath();
    g.moveTo(dx || dy ? x : b.x, dx || dy ? y : b.y);
    g.lineTo(b.x, b.y);
    g.stroke();
  }
}

export function paintDrone(g: Context, d: Drone, grow = 1): void {
  const colour = colours().drone, r = 9 * grow;
  const turn = performance.now() / 900 + d.id;
  g.beginPath();
  for (let i = 0; i < 6; i++) {
    const a = turn + (i * Math.PI) / 3;
    g.lineTo(d.x + r * Math.cos(a), d.y + r * Math.sin(a));
  }
  g.closePath();
  g.fillStyle = faded(colour, 0.25);
  g.fill();
  g.strokeStyle = colour;
  g.lineWidth = 1.4 * grow;
  g.stroke();
}
