// Every line below that ends in a mark must be a compile error, and no other.
import { connect } from "../../src/index.ts";
import type { Arena } from "../../../../cmd/arbiter/gents/testdata/arena.ts";
import type { HandOf3 } from "../../../../cmd/arbiter/gents/testdata/hand-of-3.ts";

export async function bad(): Promise<void> {
  const room = await connect<Arena>({ game: "arena" });
  const ship = room.state.Ships.get(1)!;
  console.log(ship.Hp); // error
  console.log(room.state.Ship); // error
  console.log(room.state.Round.get); // error
  ship.X = 1; // error
  room.input({ Trust: 1 }); // error
  room.input({ Thrust: true }); // error
  room.command("Rename", { Name: "Ada" }); // error
  room.command("Renames", { Nmae: "Ada" }); // error
  room.onEvent("Kill", () => {}); // error
  room.onAdded("Round", () => {}); // error
  room.onChanged("Ships", (is) => console.log(is.Z)); // error
  void room.predict({ Ship() {} }); // error
  const hand = await connect<HandOf3>({ game: "hand-of-3" });
  console.log(hand.state.Cards.get(1)!.Grid[2]); // error
}
