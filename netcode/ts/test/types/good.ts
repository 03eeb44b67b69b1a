// What has to compile. The tests run tsc on it with what Go wrote.
import { connect } from "../../src/index.ts";
import type { Arena } from "../../../../cmd/arbiter/gents/testdata/arena.ts";
import type { HandOf3 } from "../../../../cmd/arbiter/gents/testdata/hand-of-3.ts";
import type { Tag } from "../../../../cmd/arbiter/gents/testdata/tag.ts";

export async function good(): Promise<number> {
  const room = await connect<Arena>({
    game: "arena",
    predict: {
      Ships(ship, input, at) {
        ship.X += input.Thrust * at.dt;
        if (ship.X > at.state.Field.W) ship.X = 0;
      },
    },
  });
  room.onAdded("Ships", (s) => console.log(s.id, s.Angle, s.Thrust === true));
  room.onChanged("Round", (is, was) => console.log(is.Number - was.Number));
  room.onEvent("Kills", (k, tick) => console.log(k.By, k.Who, tick));
  room.input({ Thrust: 1 });
  room.command("Renames", { Name: "Ada" });
  const [ship] = room.own("Ships");
  for (const b of room.interpolated.Bullets) console.log(b.X);
  const hand = await connect<HandOf3>({ game: "hand-of-3" });
  const card = hand.state.Cards.get(1);
  const tag = await connect<Tag>({ game: "tag", spectate: true });
  const untyped = await connect({ game: "arena" });
  console.log(untyped.state.Ships!.size, untyped.state.Round!.Number);
  return (card?.Grid[1][2].Suit ?? 0) + (ship?.HP ?? 0) + tag.state.Chase.It + hand.state.Deck.Left;
}
