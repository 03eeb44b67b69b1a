// A canvas at the screen's resolution.

/** A canvas, its size in CSS pixels, and a context scaled to them. */
export class Surface {
  readonly g: CanvasRenderingContext2D;
  w = 0;
  h = 0;

  private isSeen = true;
  private wasSeen = false;

  constructor(readonly canvas: HTMLCanvasElement) {
    this.g = canvas.getContext("2d")!; // where nothing is painted, the page's own background shows
    const watch = new IntersectionObserver((entries) => {
      this.isSeen = entries.at(-1)!.isIntersecting;
      this.wasSeen ||= this.isSeen;
      if (this.wasSeen && !canvas.isConnected) watch.disconnect();
    }, { rootMargin: "64px" });
    watch.observe(canvas);
  }

  /** Whether any of it is on the screen, or near. What is not is not painted. */
  get seen(): boolean { return this.isSeen; }

  /** Where the middle of a text of that width may be, so that none of it is cut at an edge. */
  within(x: number, width: number): number {
    const half = width / 2 + 4;
    return this.w < 2 * half ? this.w / 2 : Math.min(Math.max(x, half), this.w - half);
  }

  /** Resizes the canvas to its element. Returns false if that is not shown. */
  begin(): boolean {
    if (!this.isSeen) return false;
    const ratio = Math.min(devicePixelRatio || 1, 2.5);
    this.w = this.canvas.clientWidth;
    this.h = this.canvas.clientHeight;
    const w = Math.round(this.w * ratio), h = Math.round(this.h * ratio);
    if (w === 0 || h === 0) return false;
    if (this.canvas.width !== w || this.canvas.height !== h) {
      this.canvas.width = w;
      this.canvas.height = h;
    }
    this.g.setTransform(ratio, 0, 0, ratio, 0, 0);
    return true;
  }
}

/** The font of text on canvases. */
export const font = (px: number, weight = 500) =>
  `${weight} ${px}px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif`;
