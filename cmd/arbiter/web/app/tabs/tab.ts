// The tabs of the page.

/** A tab is created when it is selected and stopped when another one is. */
export interface Tab {
  readonly element: HTMLElement;
  /** Called in each animation frame. */
  frame(now: number): void;
  /** Releases all controls, because the page was hidden. */
  releaseControls(): void;
  /** Ends all connections. */
  stop(): void;
}
