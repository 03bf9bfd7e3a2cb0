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

/** A card inside a network. */
export interface Standing extends Box {
  /** The subnet's frame around it. */
  readonly cell: Box;
  /** The network's frame around that. */
  readonly frame: Box;
}

/** Between the cells of a network run streets, in which no card stands. */
export const STREET = 24;
/** Above the first row, below the names of the zones. */
export const FRAME_HEAD = 78;
/** Each kind of traffic keeps to a track of its own, counted from the left of a street, or from above. Traffic of one kind may share its track. */
const TRACK = { toService: 6, toDatabase: 18, inward: 12 } as const;

/** Room for the head of an arrow. */
const HEAD = 6;
/** Where arrows come into a card from above: right of the words that stand in the frames which they cross. */
const PORT = 0.8;
const CORNER = 9;

/** From the internet down a line beside the doors, and into one of them. */
export function toDoor(internet: Box, door: Box): Route {
  const x = (internet.x + door.x) / 2;
  const y = door.y + door.height / 2;
  return {
    path: line([
      { x, y: internet.y + internet.height },
      { x, y },
      { x: door.x - HEAD, y },
    ]),
    label: { x: x + 62, y: door.y - 16 },
  };
}

/** From a door to a server: straight to one in the first column, and to any other by the street above its row. */
export function toServer(door: Box, server: Standing, aisle: number): Route {
  const start = { x: rightOf(door), y: middleOf(door) };
  const turn = rightOf(door) + aisle / 2;
  const end = { x: server.x - HEAD, y: middleOf(server) };
  const label = { x: turn, y: start.y };
  const isFirst = server.cell.x - server.frame.x < STREET * 2;
  if (isFirst) return { path: line([start, { x: turn, y: start.y }, { x: turn, y: end.y }, end]), label };
  const lane = server.cell.y - STREET + TRACK.inward;
  const street = server.cell.x - STREET + TRACK.inward;
  const points = [start, { x: turn, y: start.y }, { x: turn, y: lane }, { x: street, y: lane }, { x: street, y: end.y }, end];
  return { path: line(points), label };
}

/** From a server to a service beside the network, by the street above the first row. */
export function toService(server: Standing, service: Box, aisle: number): Route {
  const { frame } = server;
  const street = rightOf(server.cell) + TRACK.toService;
  const lane = frame.y + FRAME_HEAD - STREET + TRACK.toService;
  const turn = service.x - aisle / 2;
  const from = { x: rightOf(server), y: server.y + server.height * 0.3 };
  const end = { x: service.x - HEAD, y: middleOf(service) };
  const points = [from, { x: street, y: from.y }, { x: street, y: lane }, { x: turn, y: lane }, { x: turn, y: end.y }, end];
  return { path: line(points), label: { x: rightOf(frame), y: lane } };
}

/** From a server to a database of the same network, by the street above the database's row. */
export function toDatabase(server: Standing, database: Standing): Route {
  const street = rightOf(server.cell) + TRACK.toDatabase;
  const lane = database.cell.y - STREET + TRACK.toDatabase;
  const from = { x: rightOf(server), y: server.y + server.height * 0.7 };
  const along = [from, { x: street, y: from.y }, { x: street, y: lane }];
  const isFirst = database.y - database.cell.y < database.height;
  if (isFirst) {
    const port = database.x + database.width * PORT;
    return { path: line([...along, { x: port, y: lane }, { x: port, y: database.y - HEAD }]), label: { x: port, y: lane } };
  }
  // Another one stands above it: the way in is from the street beside them.
  const beside = database.cell.x - STREET + TRACK.toDatabase;
  const end = { x: database.x - HEAD, y: middleOf(database) };
  return {
    path: line([...along, { x: beside, y: lane }, { x: beside, y: end.y }, end]),
    label: { x: beside, y: end.y - database.height / 2 },
  };
}

/** The right edge of a box. */
export function rightOf({ x, width }: Box): number {
  return x + width;
}

function middleOf({ y, height }: Box): number {
  return y + height / 2;
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
