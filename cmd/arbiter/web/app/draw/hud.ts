// The overlay of an arena: names, hit points, scores, the clock, arrows to ships out of view.

import type { Camera } from "./camera.ts";
import type { Arena, Ship } from "./scene.ts";
import { font, type Surface } from "./surface.ts";
import { colours, faded, type PlayerColour } from "../theme.ts";

/** Names and hit points below ships, and arrows to ships out of view. */
export function paintTags(s: Surface, camera: Camera, a: Arena, colourOf: PlayerColour): void {
  const names = new Map(a.pilots.map((p) => [p.player, p.name]));
  for (const ship of a.ships) {
    const x = camera.px(ship.x), y = camera.py(ship.y);
    if (x < -8 || y < -8 || x > s.w + 8 || y > s.h + 8) {
      paintArrow(s, x, y, colourOf(ship.player));
      continue;
    }
    paintTag(s, ship, names.get(ship.player) ?? "", x, y + 20 * camera.scale + 4, colourOf(ship.player), ship.player === a.me);
  }
}

function paintTag(s: Surface, ship: Ship, name: string, x: number, y: number, colour: string, me: boolean): void {
  const { g } = s;
  for (let i = 0; i < 3; i++) {
    g.fillStyle = i < ship.hp ? colour : faded(colours().text, 0.18);
    g.fillRect(x - 10 + i * 7, y, 6, 2.5);
  }
  g.font = font(s.w < 480 ? 10 : 11, me ? 700 : 500);
  g.textAlign = "center";
  g.textBaseline = "top";
  g.fillStyle = me ? colour : faded(colours().text, 0.78);
  g.fillText(name, s.within(x, g.measureText(name).width), Math.min(y + 6, s.h - 14));
}

function paintArrow(s: Surface, x: number, y: number, colour: string): void {
  const { g } = s, edge = 12;
  const cx = s.w / 2, cy = s.h / 2;
  const k = Math.min((cx - edge) / Math.abs(x - cx || 1), (cy - edge) / Math.abs(y - cy || 1));
  g.save();
  g.translate(cx + (x - cx) * k, cy + (y - cy) * k);
  g.rotate(Math.atan2(y - cy, x - cx));
  g.fillStyle = faded(colour, 0.9);
  g.beginPath();
  g.moveTo(7, 0);
  g.lineTo(-4, -5);
  g.lineTo(-4, 5);
  g.fill();
  g.restore();
}

/** The best scores and the time that is left. */
export function paintHud(s: Surface, a: Arena, colourOf: PlayerColour): void {
  const { g } = s, c = colours();
  const small = s.w < 480;
  const row = small ? 14 : 16, width = small ? 104 : 128;
  const list = leaders(a, small ? 3 : 5);
  if (list.length > 0) {
    g.fillStyle = faded(c.panel, 0.72);
    g.beginPath();
    g.roundRect(s.w - width - 8, 8, width, list.length * row + 8, 6);
    g.fill();
  }
  g.textBaseline = "middle";
  list.forEach((p, i) => {
    const y = 12 + row * (i + 0.5), me = p.player === a.me;
    g.fillStyle = colourOf(p.player);
    g.fillRect(s.w - width, y - 3, 6, 6);
    g.font = font(small ? 10 : 11, me ? 700 : 500);
    g.fillStyle = me ? c.text : faded(c.text, 0.75);
    g.textAlign = "left";
    g.fillText(p.name, s.w - width + 12, y, width - 54);
    g.textAlign = "right";
    g.fillText(String(p.score), s.w - 16, y);
  });
  const left = Math.max(0, Math.ceil((a.ends - a.tick) / a.rate));
  g.fillStyle = faded(c.panel, 0.72);
  g.beginPath();
  g.roundRect(8, 8, 44, 20, 6);
  g.fill();
  g.font = font(12, 600);
  g.textAlign = "center";
  g.fillStyle = left <= 10 ? c.warn : faded(c.text, 0.7);
  g.fillText(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`, 30, 18.5);
}

/** The players with the highest scores, and the own player. */
function leaders(a: Arena, most: number) {
  const list = [...a.pilots].sort((p, q) => q.score - p.score || p.player - q.player);
  const top = list.slice(0, most);
  const own = list.find((p) => p.player === a.me);
  if (own && !top.includes(own)) top[top.length - 1] = own;
  return top;
}
