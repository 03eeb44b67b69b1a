// Which part of the field a canvas shows.

/** Maps field units to CSS pixels: px = (x − this.x) · scale. */
export class Camera {
  x = 0;
  y = 0;
  scale = 1;
  private cx = NaN;
  private cy = NaN;

  /**
   * Looks at a point of the field, softly, and never past its walls by more
   * than a margin. The view is at most `span` units wide.
   */
  aim(view: { w: number; h: number }, field: { w: number; h: number }, at: { x: number; y: number } | null, span: number): void {
    const margin = 24;
    const whole = Math.min(view.w / (field.w + 2 * margin), view.h / (field.h + 2 * margin));
    this.scale = Math.max(whole, view.w / span);
    const w = view.w / this.scale, h = view.h / this.scale;
    const x = clampAxis(at?.x ?? this.fallback(this.cx, field.w), w, field.w, margin);
    const y = clampAxis(at?.y ?? this.fallback(this.cy, field.h), h, field.h, margin);
    const far = !(Math.hypot(x - this.cx, y - this.cy) < Math.max(w, h));
    this.cx = far ? x : this.cx + (x - this.cx) * 0.12;
    this.cy = far ? y : this.cy + (y - this.cy) * 0.12;
    this.x = this.cx - w / 2;
    this.y = this.cy - h / 2;
  }

  private fallback(c: number, size: number): number { return Number.isNaN(c) ? size / 2 : c; }

  /** Sets the context to field units. */
  apply(g: CanvasRenderingContext2D): void {
    g.scale(this.scale, this.scale);
    g.translate(-this.x, -this.y);
  }

  px(x: number): number { return (x - this.x) * this.scale; }
  py(y: number): number { return (y - this.y) * this.scale; }
}

/** The centre of a view of length `view` over 0…size that shows no more than the margin beyond it. */
function clampAxis(c: number, view: number, size: number, margin: number): number {
  const low = view / 2 - margin, high = size + margin - view / 2;
  return low > high ? size / 2 : Math.min(Math.max(c, low), high);
}
