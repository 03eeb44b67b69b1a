import { unsigned, type Cell, type Int } from "../wire/int64.ts";
import { FieldKind, Interp, type Field } from "../wire/schema.ts";

/** Reports whether a field is drawn between its values. */
export function moves(f: Field): boolean {
  return f.interp === Interp.lerp || f.interp === Interp.angle;
}

const unit = (f: Field): number => (f.kind === FieldKind.fixed ? f.step : 1);

/** A number cell in the field's units. */
export function value(f: Field, c: Cell): number {
  return Number(f.unsigned ? unsigned(c as Int) : c) * unit(f);
}

/** How far it is from cell a to cell b, in the field's units; on a circle the shorter way. */
export function distance(f: Field, a: Cell, b: Cell): number {
  if (f.unsigned) return value(f, b) - value(f, a);
  let d = Number(b) - Number(a);
  if (f.wrap > 0) {
    d = ((d % f.wrap) + f.wrap) % f.wrap;
    if (2 * d >= f.wrap) d -= f.wrap;
  }
  return d * unit(f);
}

/**
 * Linear interpolation: the value at t between cell a (0) and cell b (1), or beyond them; on a
 * circle the shorter way. Where no line leads from one to the other, because one of them is NaN
 * or an infinity, it is a until t = 1.
 */
export function lerp(f: Field, a: Cell, b: Cell, t: number): number {
  const d = distance(f, a, b);
  if (!Number.isFinite(d)) return value(f, t < 1 ? a : b);
  return within(f, value(f, a) + d * t);
}

/** Brings a value back onto its field's circle or into its bounds. */
export function within(f: Field, v: number): number {
  if (f.wrap > 0) {
    const circle = f.wrap * unit(f);
    return ((v % circle) + circle) % circle;
  }
  return f.bounded ? Math.min(Math.max(v, value(f, f.min)), value(f, f.max)) : v;
}

/**
 * How far something has come x after the last that is known of it, if its speed
 * goes down to nothing evenly over limit: it never turns back, and never gets
 * further than half of limit.
 */
export function coast(x: number, limit: number): number {
  x = Math.min(Math.max(x, 0), limit);
  return x - (x * x) / (2 * limit);
}
