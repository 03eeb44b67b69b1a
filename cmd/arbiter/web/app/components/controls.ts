// Input from keyboard and touch.

import type { GameInput } from "./autopilot.ts";

export type Action = "up" | "down" | "left" | "right" | "fire";
export type KeyMap = Record<string, Action>;

export const leftHand: KeyMap = { KeyW: "up", KeyS: "down", KeyA: "left", KeyD: "right", Space: "fire" };
export const rightHand: KeyMap = {
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Enter: "fire", NumpadEnter: "fire",
};

/** The keys and touch controls that one player holds. */
export class Controls {
  private keys = new Set<string>();
  /** The position of the touch stick, at most 1 from its centre. */
  stick: { x: number; y: number } | null = null;
  trigger = false;
  /** Called when the player uses the controls. */
  ontouch: () => void = () => {};

  constructor(private map: KeyMap) {}

  /** Handles a key event; returns whether the key is one of these controls. */
  key(code: string, down: boolean): boolean {
    if (!(code in this.map)) return false;
    if (!down) this.keys.delete(code);
    else if (!this.keys.has(code)) {
      this.keys.add(code);
      this.ontouch();
    }
    return true;
  }

  release(): void {
    this.keys.clear();
    this.stick = null;
    this.trigger = false;
  }

  private holds(action: Action): number {
    for (const code of this.keys) if (this.map[code] === action) return 1;
    return 0;
  }

  /** The input for the arena. angle is the own ship's, for the stick. */
  arenaInput(angle: number | undefined, spin: number): GameInput {
    const input = { Thrust: this.holds("up") - this.holds("down"), Turn: this.holds("right") - this.holds("left"),
      Fire: this.holds("fire") > 0 || this.trigger };
    const { stick } = this;
    if (!stick || angle === undefined || Math.hypot(stick.x, stick.y) < 0.25) return input;
    const want = Math.atan2(stick.y, stick.x) - angle;
    const off = want - 2 * Math.PI * Math.round(want / (2 * Math.PI)) - spin * 0.06;
    input.Turn = off > 0.12 ? 1 : off < -0.12 ? -1 : 0;
    input.Thrust = Math.hypot(stick.x, stick.y) > 0.55 && Math.abs(off) < 1.2 ? 1 : 0;
    return input;
  }

  /** The input for tag. */
  tagInput(): GameInput {
    const sign = (v: number) => (Math.abs(v) > 0.38 ? Math.sign(v) : 0);
    return {
      X: this.holds("right") - this.holds("left") || sign(this.stick?.x ?? 0),
      Y: this.holds("down") - this.holds("up") || sign(this.stick?.y ?? 0),
    };
  }

  /** The input of a game without a scene: left and right are its first number, up and down its second, fire is its switches. */
  plainInput(fields: readonly InputField[]): Record<string, number | boolean> {
    const { X, Y } = this.tagInput() as { X: number; Y: number };
    const input: Record<string, number | boolean> = {};
    const axes = [X, Y];
    for (const f of fields) {
      if (f.isSwitch) input[f.name] = this.holds("fire") > 0 || this.trigger;
      else if (axes.length > 0) input[f.name] = axes.shift()!;
    }
    return input;
  }
}

/** A field of an input that the controls can set. */
export interface InputField { name: string; isSwitch: boolean }

const listening = new Set<Controls>();

/** Connects controls to the keyboard until the returned function is called. */
export function attach(c: Controls): () => void {
  listening.add(c);
  return () => { listening.delete(c); c.release(); };
}

/** Whether a key is meant for the focused element. */
function meantElsewhere(e: KeyboardEvent): boolean {
  if (e.ctrlKey || e.metaKey || e.altKey) return true;
  const el = e.target as HTMLElement | null;
  return !!el?.closest?.("input, textarea, select, button, a, summary, [role=tab]");
}

addEventListener("keydown", (e) => {
  if (meantElsewhere(e)) return;
  for (const c of listening) if (c.key(e.code, true)) e.preventDefault();
});
addEventListener("keyup", (e) => { for (const c of listening) c.key(e.code, false); });
addEventListener("blur", () => { for (const c of listening) c.release(); });
// A control clicked with a pointer must not keep the focus, or it would receive the game's keys.
addEventListener("click", (e) => {
  if (e.detail > 0) (e.target as HTMLElement).closest<HTMLElement>("button, label, input, a, summary")?.blur();
});
addEventListener("pointerup", () => {
  const el = document.activeElement;
  if (el instanceof HTMLInputElement && el.type !== "text") requestAnimationFrame(() => el.blur());
});
