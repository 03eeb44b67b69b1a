/**
 * Integers of 64 bits. One that a double holds exactly is a number, another a
 * bigint, so that equal integers are `===` and the common case costs nothing.
 */
export type Int = number | bigint;

/** What a field holds: an integer, the float of a Real field, or a text. */
export type Cell = Int | string;

/** Brings v, wrapped around to 64 bits, into its one form. */
export function int(v: bigint): Int {
  v = BigInt.asIntN(64, v);
  const n = Number(v);
  return Number.isSafeInteger(n) ? n : v;
}

/** The unsigned integer that has the bits of v. */
export function unsigned(v: Int): Int {
  if (v >= 0) return v;
  return BigInt.asUintN(64, BigInt(v));
}

/** A whole number, a bigint too, as an Int. Beyond 64 bits it is the nearest there is. */
export function nearest(v: number | bigint, asUnsigned: boolean): Int {
  if (v !== v) return 0; // NaN
  const [least, most] = asUnsigned ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
  if (v <= least) return int(least);
  if (v >= most) return int(most);
  return typeof v === "number" && Number.isSafeInteger(v) ? v + 0 : int(BigInt(v));
}

export function add(a: Int, b: Int): Int {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return int(BigInt(a) + BigInt(b));
}

export function sub(a: Int, b: Int): Int {
  return add(a, -b as Int);
}

/** a modulo n, 0…n−1; n is positive. */
function modulo(a: Int, n: number): number {
  const m = typeof a === "number" ? a % n : Number(a % BigInt(n));
  return m < 0 ? m + n : m + 0;
}

/** What is sent for a cell whose prediction is pred: the difference, on a circle the shorter way round. */
export function residual(cell: Int, pred: Int, wrap: number): Int {
  const r = sub(cell, pred);
  if (wrap === 0) return r;
  const m = modulo(r, wrap);
  return 2 * m >= wrap ? m - wrap : m;
}

/** The inverse of residual. */
export function restore(r: Int, pred: Int, wrap: number): Int {
  const cell = add(pred, r);
  return wrap === 0 ? cell : modulo(cell, wrap);
}

/** Extrapolates: a difference of d over den ticks, scaled to num more ticks, rounded down. */
export function lead(d: Int, num: number, den: number): Int {
  if (num === den) return d;
  const product = typeof d === "number" ? d * num : NaN;
  if (Number.isSafeInteger(product)) return (product - modulo(product, den)) / den;
  const p = BigInt.asIntN(64, BigInt(d) * BigInt(num));
  const q = p / BigInt(den);
  return int(p % BigInt(den) < 0n ? q - 1n : q);
}
