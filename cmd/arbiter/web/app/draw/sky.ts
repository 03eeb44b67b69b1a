// The background: stars in three depths, a grid, the walls.

import type { Camera } from "./camera.ts";
import type { Surface } from "./surface.ts";
import { colours, faded } from "../theme.ts";

const layers = [
  { depth: 0.2, cell: 46, size: 0.9, glow: 0.5 },
  { depth: 0.45, cell: 90, size: 1.3, glow: 0.75 },
  { depth: 0.75, cell: 170, size: 2, glow: 1 },
];

/** Paints the background and the walls of a field; on a plain one no stars. */
export function paintSky(s: Surface, camera: Camera, field: { w: number; h: number }, plain = false): void {
  const { g } = s, c = colours();
  g.fillStyle = c.space;
  g.fillRect(0, 0, s.w, s.h);
  if (!plain) {
    paintMist(s, camera, field);
    for (const layer of layers) paintStars(s, camera, layer, c.star);
  }
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

let mist: { canvas: HTMLCanvasElement; for: string } | null = null;

/** Coloured mist, far behind the stars: painted once, then shifted. */
function paintMist(s: Surface, camera: Camera, field: { w: number; h: number }): void {
  const c = colours();
  if (mist?.for !== c.space) mist = { canvas: mix(c.space, c.mist), for: c.space };
  const grow = 1.3, w = s.w * grow, h = s.h * grow;
  const part = (at: number, view: number, size: number) => Math.min(Math.max((at + view / 2) / size, 0), 1);
  s.g.drawImage(mist.canvas, -(w - s.w) * part(camera.x, s.w / camera.scale, field.w),
    -(h - s.h) * part(camera.y, s.h / camera.scale, field.h), w, h);
}

function mix(space: string, colours: string[]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = 480;
  canvas.height = 270;
  const g = canvas.getContext("2d", { alpha: false })!;
  g.fillStyle = space;
  g.fillRect(0, 0, 480, 270);
  const clouds = [[90, 60, 210], [390, 200, 240], [300, 40, 150], [170, 240, 170], [440, 60, 120]] as const;
  clouds.forEach(([x, y, r], i) => {
    const cloud = g.createRadialGradient(x, y, 0, x, y, r), colour = colours[i % colours.length]!;
    cloud.addColorStop(0, faded(colour, 0.5));
    cloud.addColorStop(0.5, faded(colour, 0.18));
    cloud.addColorStop(1, faded(colour, 0));
    g.fillStyle = cloud;
    g.fillRect(0, 0, 480, 270);
  });
  return canvas;
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
