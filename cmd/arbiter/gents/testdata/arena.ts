// Written by "arbiter gen ts --game arena" from the game's Go types. Do not edit.
// Schema 9624bcb2a074dc5f.

export interface FieldValue {
  /** in steps of 1 */
  W: number;
  /** in steps of 1 */
  H: number;
}

export interface RoundValue {
  Number: number;
  Ends: number;
}

export interface PilotsRow {
  readonly id: number;
  /** 0 to 65535 */
  Player: number;
  /** at most 16 bytes */
  Name: string;
  Score: number;
  Kills: number;
  Deaths: number;
  Back: number;
}

export interface ShipsRow {
  readonly id: number;
  /** 0 to 65535 */
  Player: number;
  /** in steps of 0.125 */
  X: number;
  /** in steps of 0.125 */
  Y: number;
  /** in steps of 0.0061359232, a circle of 1024 */
  Angle: number;
  Thrust: boolean;
  /** -128 to 127 */
  HP: number;
  Safe: number;
  /** in steps of 0.125; the owner's alone, zero to others */
  VX: number;
  /** in steps of 0.125; the owner's alone, zero to others */
  VY: number;
  /** in steps of 0.09817477; the owner's alone, zero to others */
  Spin: number;
  /** the owner's alone, zero to others */
  Ready: number;
}

export interface BulletsRow {
  readonly id: number;
  /** 0 to 65535 */
  Player: number;
  /** in steps of 0.125 */
  X: number;
  /** in steps of 0.125 */
  Y: number;
  /** in steps of 0.125; the owner's alone, zero to others */
  DX: number;
  /** in steps of 0.125; the owner's alone, zero to others */
  DY: number;
  /** the owner's alone, zero to others */
  Ends: number;
}

export interface DronesRow {
  readonly id: number;
  /** in steps of 0.125 */
  X: number;
  /** in steps of 0.125 */
  Y: number;
}

export interface HitsEvent {
  /** 0 to 65535 */
  By: number;
  /** 0 to 65535 */
  Who: number;
  /** in steps of 1 */
  X: number;
  /** in steps of 1 */
  Y: number;
}

export interface KillsEvent {
  /** 0 to 65535 */
  By: number;
  /** 0 to 65535 */
  Who: number;
}

export interface ExplosionsEvent {
  /** in steps of 1 */
  X: number;
  /** in steps of 1 */
  Y: number;
  Ship: boolean;
}

export interface RoundsEvent {
  Number: number;
  /** 0 to 65535 */
  Winner: number;
  Score: number;
}

export interface RenamesCommand {
  /** at most 16 bytes */
  Name: string;
}

export interface ArenaInput {
  /** -1 to 1 */
  Thrust: number;
  /** -1 to 1 */
  Turn: number;
  Fire: boolean;
}

/** The game arena, for connect<Arena>({ … }). */
export interface Arena {
  tables: {
    Pilots: PilotsRow;
    Ships: ShipsRow;
    Bullets: BulletsRow;
    Drones: DronesRow;
  };
  values: {
    Field: FieldValue;
    Round: RoundValue;
  };
  events: {
    Hits: HitsEvent;
    Kills: KillsEvent;
    Explosions: ExplosionsEvent;
    Rounds: RoundsEvent;
  };
  commands: {
    Renames: RenamesCommand;
  };
  input: ArenaInput;
}
