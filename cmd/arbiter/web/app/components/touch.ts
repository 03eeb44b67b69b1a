// Touch controls over the canvas: a stick that begins where the thumb lands, and a side that fires.

import { h } from "../dom.ts";
import type { Controls } from "./controls.ts";

const touched = () => { document.documentElement.dataset.touch = ""; };
if (matchMedia("(pointer: coarse)").matches) touched();
else addEventListener("touchstart", touched, { once: true, passive: true });

/** Creates the touch controls; the style sheet shows them on touch screens. */
export function touchPads(c: Controls, fire: boolean): HTMLElement {
  return h("div", { class: "pads", "aria-hidden": "true" }, stickZone(c, fire), fire && triggerZone(c));
}

/** The left side, or all of it if nothing is fired: the stick. */
function stickZone(c: Controls, isHalf: boolean): HTMLElement {
  const knob = h("i"), stick = h("div", { class: "stick" }, knob);
  const zone = h("div", { class: isHalf ? "zone" : "zone whole" }, stick);
  let thumb = -1, x0 = 0, y0 = 0; // the pointer, and where it landed
  const move = (e: PointerEvent) => {
    const r = stick.offsetWidth / 2;
    let x = (e.clientX - x0) / r, y = (e.clientY - y0) / r;
    const long = Math.hypot(x, y);
    if (long > 1) { x /= long; y /= long; }
    c.stick = { x, y };
    knob.style.transform = `translate(${x * r * 0.6}px, ${y * r * 0.6}px)`;
  };
  zone.addEventListener("pointerdown", (e) => {
    if (thumb >= 0) return;
    thumb = e.pointerId;
    zone.setPointerCapture(thumb);
    [x0, y0] = [e.clientX, e.clientY];
    const box = zone.getBoundingClientRect(), r = stick.offsetWidth / 2;
    stick.style.left = `${x0 - box.left - r}px`;
    stick.style.top = `${y0 - box.top - r}px`;
    c.ontouch();
    move(e);
  });
  zone.addEventListener("pointermove", (e) => { if (e.pointerId === thumb && c.stick) move(e); });
  const release = (e: PointerEvent) => {
    if (e.pointerId !== thumb) return;
    thumb = -1;
    c.stick = null;
    knob.style.transform = stick.style.left = stick.style.top = "";
  };
  zone.addEventListener("pointerup", release);
  zone.addEventListener("pointercancel", release);
  return zone;
}

/** The right side fires. */
function triggerZone(c: Controls): HTMLElement {
  const zone = h("div", { class: "zone right" }, h("div", { class: "trigger" }, "fire"));
  zone.addEventListener("pointerdown", (e) => { zone.setPointerCapture(e.pointerId); c.trigger = true; c.ontouch(); });
  const release = () => { c.trigger = false; };
  zone.addEventListener("pointerup", release);
  zone.addEventListener("pointercancel", release);
  return zone;
}
