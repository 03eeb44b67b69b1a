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

/** The attributes of a view that takes keys while it has the focus. */
export const keyboardView = (label: string, keys: string) =>
  ({ tabindex: 0, role: "application", "aria-label": `${label}. Keys: ${keys}. Tab leaves it.`, "data-keys": "" });

/** The view that has the focus. Keys go to the page otherwise. */
const focused = () => document.activeElement?.closest<HTMLElement>("[data-keys]");

addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || document.activeElement !== focused()) return;
  for (const c of listening) if (c.key(e.code, true)) e.preventDefault();
});
addEventListener("keyup", (e) => { for (const c of listening) c.key(e.code, false); });
const releaseAll = () => { for (const c of listening) c.release(); };
addEventListener("blur", releaseAll);
addEventListener("focusout", releaseAll);

// Who plays and clicks a control plays on.
let played: HTMLElement | null | undefined = null;
addEventListener("pointerdown", () => { played = focused(); }, { capture: true });
addEventListener("click", (e) => {
  const control = (e.target as HTMLElement).closest("button, label, input:not([type=text]), summary");
  if (e.detail > 0 && control && played?.isConnected) played.focus({ preventScroll: true });
});
