// Steering for a ship.

const between = (least, most) => least + Math.random() * (most - least);

/** Flies about, with another input a few times a second. Ends with the function returned. */
export function fly(room) {
  let timer;
  const next = () => {
    room.input({ Thrust: Math.random() < 0.8 ? 1 : -1, Turn: Math.floor(Math.random() * 3) - 1, Fire: false });
    timer = setTimeout(next, between(80, 300));
  };
  next();
  return () => {
    clearTimeout(timer);
    still(room);
  };
}

export const still = (room) => room.input({ Thrust: 0, Turn: 0, Fire: false });

/** An angle as −π…π. */
export const round = (a) => a - 2 * Math.PI * Math.round(a / (2 * Math.PI));

const topSpin = 0.6 * 2 * Math.PI; // radians/s
const spinUp = 9 * topSpin;

/** Which way to turn so that a ship comes to rest at an angle. */
export function turnTo(ship, angle) {
  const off = round(angle - ship.Angle);
  const rest = off - (ship.Spin * Math.abs(ship.Spin)) / (2 * spinUp);
  return rest > 0.06 ? 1 : rest < -0.06 ? -1 : 0;
}

/** What brings a ship's velocity to vx, vy. */
export function steer(ship, vx, vy) {
  const ax = vx - ship.VX;
  const ay = vy - ship.VY;
  if (Math.hypot(ax, ay) < 12) return { Thrust: 0, Turn: 0 };
  const angle = Math.atan2(ay, ax);
  return { Thrust: Math.abs(round(angle - ship.Angle)) < 0.3 ? 1 : 0, Turn: turnTo(ship, angle) };
}
