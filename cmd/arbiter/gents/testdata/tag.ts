// Written by "arbiter gen ts --game tag" from the game's Go types. Do not edit.
// Schema 3fab6f769335aeb3.

export interface RunnersRow {
  readonly id: number;
  /** 0 to 65535 */
  Player: number;
  /** at most 16 bytes */
  Name: string;
  /** in steps of 0.125, 0 to 100 */
  X: number;
  /** in steps of 0.125, 0 to 100 */
  Y: number;
  Score: number;
}

export interface ChaseValue {
  /** 0 to 65535 */
  It: number;
  Safe: number;
}

export interface TouchesEvent {
  /** 0 to 65535 */
  By: number;
  /** 0 to 65535 */
  Who: number;
}

export interface TagInput {
  /** -1 to 1 */
  X: number;
  /** -1 to 1 */
  Y: number;
}

/** The game tag, for connect<Tag>({ … }). */
export interface Tag {
  tables: {
    Runners: RunnersRow;
  };
  values: {
    Chase: ChaseValue;
  };
  events: {
    Touches: TouchesEvent;
  };
  commands: {
  };
  input: TagInput;
}
