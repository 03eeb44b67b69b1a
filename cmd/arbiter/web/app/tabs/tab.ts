// What a tab of the page is.

/** A tab lives from being chosen to another being chosen. */
export interface Tab {
  readonly element: HTMLElement;
  /** Called for each picture. */
  frame(now: number): void;
  /** The page was hidden: nobody holds the controls. */
  rest(): void;
  /** Ends all connections. */
  stop(): void;
}
