/** A point in the picture's own units. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** A rectangle in the picture's own units. */
export interface Box extends Place {
  readonly width: number;
  readonly height: number;
}

/** A way through the picture: an SVG path, and where its label stands. */
export interface Route {
  readonly path: string;
  readonly label: Place;
}

/** Room for the head of an arrow. */
const HEAD = 6;
/** How far lines up and down stand from a card's left edge: right of the words that stand in the frames which they cross. */
const PORT = 0.8;
const CORNER = 9;

/** Straight down, from the middle of one card to the middle of another. */
export function down(from: Box, to: Box): Route {
  const x = from.x + from.width / 2;
  const start = { x, y: from.y + from.height };
  const end = { x, y: to.y - HEAD };
  return { path: line([start, end]), label: { x, y: (start.y + end.y) / 2 } };
}

/** From one card's right edge to another's left; the turn, where there is one, is at `turn`. */
export function across(from: Box, to: Box, turn: number, labelX: number): Route {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x - HEAD, y: to.y + to.height / 2 };
  const path = line([start, { x: turn, y: start.y }, { x: turn, y: end.y }, end]);
  return { path, label: { x: labelX, y: labelX <= turn ? start.y : end.y } };
}

/** Down from a card's foot into a lane between two rows, along it, and down to the other card's head. */
export function downLane(from: Box, to: Box, lane: number): Route {
  const start = { x: from.x + from.width * PORT, y: from.y + from.height };
  const end = { x: to.x + to.width * PORT, y: to.y - HEAD };
  const path = line([start, { x: start.x, y: lane }, { x: end.x, y: lane }, end]);
  return { path, label: { x: (start.x + end.x) / 2, y: lane } };
}

/** Lines along the axes with rounded corners; a corner that turns nothing is left out. */
function line(points: readonly Place[]): string {
  const corners = points.filter((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    return (
      before === undefined ||
      after === undefined ||
      !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y))
    );
  });
  return corners
    .map((point, at) => {
      const [before, after] = [corners[at - 1], corners[at + 1]];
      if (before === undefined) return `M${text(point)}`;
      return after === undefined
        ? `L${text(point)}`
        : `L${text(towards(point, before))} Q${text(point)} ${text(towards(point, after))}`;
    })
    .join(" ");
}

function towards(from: Place, to: Place): Place {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const part = Math.min(CORNER, length / 2) / length;
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
}

function text({ x, y }: Place): string {
  return `${String(round(x))},${String(round(y))}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
