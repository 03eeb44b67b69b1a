// The ground everything flies over: stars in three depths, a grid, the walls.

import type { Camera } from "./camera.ts";
import type { Surface } from "./surface.ts";
import { colours, faded } from "../theme.ts";

const layers = [
  { depth: 0.25, cell: 70, size: 0.9, glow: 0.45 },
  { depth: 0.5, cell: 110, size: 1.3, glow: 0.65 },
  { depth: 0.8, cell: 190, size: 1.8, glow: 0.9 },
];

/** Paints the background and the walls of a field. */
export function paintSky(s: Surface, camera: Camera, field: { w: number; h: number }): void {
  const { g } = s, c = colours();
  g.fillStyle = c.space;
  g.fillRect(0, 0, s.w, s.h);
  for (const layer of layers) paintStars(s, camera, layer, c.star);
  g.save();
  camera.apply(g);
  g.lineWidth = 1 / camera.scale;
  g.strokeStyle = c.grid;
  g.beginPath();
  const step = field.w > 2500 ? 288 : 144;
  for (let x = step; x < field.w; x += step) { g.moveTo(x, 0); g.lineTo(x, field.h); }
  for (let y = step; y < field.h; y += step) { g.moveTo(0, y); g.lineTo(field.w, y); }
  g.stroke();
  g.strokeStyle = faded(c.wall, 0.25);
  g.lineWidth = 6 / camera.scale;
  g.strokeRect(0, 0, field.w, field.h);
  g.strokeStyle = c.wall;
  g.lineWidth = 1.5 / camera.scale;
  g.strokeRect(0, 0, field.w, field.h);
  g.restore();
}

function paintStars(s: Surface, camera: Camera, layer: (typeof layers)[number], colour: string): void {
  const { g } = s;
  const scale = Math.max(camera.scale, 0.5);
  const ox = camera.x * camera.scale * layer.depth, oy = camera.y * camera.scale * layer.depth;
  const cell = layer.cell * Math.min(scale * 1.4, 1.2);
  g.fillStyle = faded(colour, layer.glow);
  for (let i = Math.floor(ox / cell); i * cell < ox + s.w; i++) {
    for (let j = Math.floor(oy / cell); j * cell < oy + s.h; j++) {
      const r = scatter(i, j, layer.cell);
      const x = (i + (r & 255) / 256) * cell - ox, y = (j + ((r >> 8) & 255) / 256) * cell - oy;
      const size = layer.size * (0.5 + ((r >> 16) & 255) / 256);
      g.fillRect(x, y, size, size);
    }
  }
}

/** A number that looks random and depends on the cell only. */
function scatter(i: number, j: number, salt: number): number {
  let n = Math.imul(i, 374761393) ^ Math.imul(j, 668265263) ^ Math.imul(salt, 2147483647);
  n = Math.imul(n ^ (n >>> 13), 1274126177);
  return (n ^ (n >>> 16)) >>> 0;
}
