// Written by "arbiter gen ts --game hand-of-3" from the game's Go types. Do not edit.
// Schema bb4389b14a06b634.

export interface CardsRow {
  readonly id: number;
  /** 0 to 65535 */
  Owner: number;
  Grid: [[{
    /** 0 to 3 */
    Suit: number;
    Shown: boolean;
  }, {
    /** 0 to 3 */
    Suit: number;
    Shown: boolean;
  }, {
    /** 0 to 3 */
    Suit: number;
    Shown: boolean;
  }], [{
    /** 0 to 3 */
    Suit: number;
    Shown: boolean;
  }, {
    /** 0 to 3 */
    Suit: number;
    Shown: boolean;
  }, {
    /** 0 to 3 */
    Suit: number;
    Shown: boolean;
  }]];
  Place: {
    X: number;
    Y: number;
  };
  Größe: number;
  /** at most 64 bytes; the owner's alone, zero to others */
  Note: string;
}

export interface DeckValue {
  Left: number;
}

export interface HandOf3Input {
  /** -1 to 5 */
  Pick: number;
  /** in steps of 0.25, -1 to 1 */
  At: number;
  /** in steps of 0.024543693, a circle of 256 */
  Aim: number;
}

/** The game hand-of-3, for connect<HandOf3>({ … }). */
export interface HandOf3 {
  tables: {
    Cards: CardsRow;
  };
  values: {
    Deck: DeckValue;
  };
  events: {
  };
  commands: {
  };
  input: HandOf3Input;
}
