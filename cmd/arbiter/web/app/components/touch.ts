// Touch controls over the canvas: a stick and a fire button.

import { h } from "../dom.ts";
import type { Controls } from "./controls.ts";

const touched = () => { document.documentElement.dataset.touch = ""; };
if (matchMedia("(pointer: coarse)").matches) touched();
else addEventListener("touchstart", touched, { once: true, passive: true });

/** Creates the touch controls; the style sheet shows them on touch screens. */
export function touchPads(c: Controls, fire: boolean): HTMLElement {
  const knob = h("i");
  const stick = h("div", { class: "stick", "aria-hidden": "true" }, knob);
  const trigger = h("div", { class: "trigger", "aria-hidden": "true" }, "fire");
  const move = (e: PointerEvent) => {
    const box = stick.getBoundingClientRect(), r = box.width / 2;
    let x = (e.clientX - box.left - r) / r, y = (e.clientY - box.top - r) / r;
    const long = Math.hypot(x, y);
    if (long > 1) { x /= long; y /= long; }
    c.stick = { x, y };
    knob.style.transform = `translate(${x * r * 0.6}px, ${y * r * 0.6}px)`;
  };
  stick.addEventListener("pointerdown", (e) => {
    stick.setPointerCapture(e.pointerId);
    c.ontouch();
    move(e);
  });
  stick.addEventListener("pointermove", (e) => { if (c.stick) move(e); });
  const release = () => { c.stick = null; knob.style.transform = ""; };
  stick.addEventListener("pointerup", release);
  stick.addEventListener("pointercancel", release);
  trigger.addEventListener("pointerdown", (e) => { trigger.setPointerCapture(e.pointerId); c.trigger = true; c.ontouch(); });
  trigger.addEventListener("pointerup", () => { c.trigger = false; });
  trigger.addEventListener("pointercancel", () => { c.trigger = false; });
  return h("div", { class: "pads" }, stick, fire && trigger);
}
