import { type Flow, INTERNET, type Network, type Scene, type SceneNode, type Tier, TIERS } from "./scene.ts";

/** A rectangle in the picture's own units. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A card in its place. */
export interface PlacedNode extends Box {
  readonly node: SceneNode;
}

/** A subnet's frame. */
export interface PlacedCell extends Box {
  readonly tier: Tier;
  readonly label: string;
}

/** A VPC's frame, and where its zones' names stand. */
export interface PlacedNetwork extends Box {
  readonly network: Network;
  readonly zones: readonly { readonly name: string; readonly x: number; readonly y: number }[];
  readonly cells: readonly PlacedCell[];
}

/** A line of traffic: a path, and the place of its label. */
export interface PlacedFlow {
  readonly flow: Flow;
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

/** The whole picture, ready to draw. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly networks: readonly PlacedNetwork[];
  readonly nodes: readonly PlacedNode[];
  readonly flows: readonly PlacedFlow[];
}

export const CARD = { width: 232, height: 58 } as const;
const GAP = 14;
const MARGIN = 8;
const FRAME = { pad: 18, head: 62 } as const;
const CELL = { pad: 12, head: 30, empty: 46 } as const;
/** Between the rows of cards above a network: room for an arrow. */
const DROP = 34;
/** Between the networks and the services: room for a label on the arrow. */
const AISLE = 104;

const INTERNET_NODE: SceneNode = {
  key: INTERNET,
  kind: "internet",
  title: "Internet",
  detail: "people and their browsers",
  health: "declared",
};

/** Gives everything its place. A pure sum: the same scene gives the same picture. */
export function layOut(scene: Scene): Layout {
  const top = MARGIN + (scene.doors.length > 0 ? 2 * (CARD.height + DROP) : 0);
  const networks: PlacedNetwork[] = [];
  const nodes: PlacedNode[] = [];
  let y = top;
  for (const network of scene.networks) {
    const placed = placeNetwork(network, MARGIN, y);
    networks.push(placed.frame);
    nodes.push(...placed.nodes);
    y += placed.frame.height + GAP;
  }
  const right = Math.max(MARGIN, ...networks.map((network) => network.x + network.width));
  nodes.push(...placeEntrance(scene, nodes));
  const aisle = networks.length > 0 ? right + AISLE : MARGIN;
  const services = scene.services.map((node, at) => place(node, aisle, top + at * (CARD.height + GAP)));
  nodes.push(...services);
  const flows = scene.flows.flatMap((flow) => route(flow, nodes));
  const bottom = (boxes: readonly Box[]): number => Math.max(0, ...boxes.map((box) => box.y + box.height));
  const width = Math.max(right, ...[...services, ...nodes].map((box) => box.x + box.width)) + MARGIN;
  return { width, height: Math.max(bottom(networks), bottom(nodes)) + MARGIN, networks, nodes, flows };
}

function place(node: SceneNode, x: number, y: number): PlacedNode {
  return { node, x, y, ...CARD };
}

function placeNetwork(network: Network, x: number, y: number): { frame: PlacedNetwork; nodes: PlacedNode[] } {
  const columnWidth = CARD.width + 2 * CELL.pad;
  const columnAt = (zone: number): number => x + FRAME.pad + zone * (columnWidth + GAP);
  const nodes: PlacedNode[] = [];
  const cells: PlacedCell[] = [];
  let rowTop = y + FRAME.head;
  for (const tier of TIERS) {
    const row = network.cells.filter((cell) => cell.tier === tier);
    if (row.length === 0) continue;
    const stacks = network.zones.map((zone) => row.filter((cell) => cell.zone === zone));
    const height = Math.max(...stacks.map((cells) => cellHeight(cells.flatMap((cell) => cell.nodes).length)));
    stacks.forEach((stack, zone) => {
      if (stack.length === 0) return;
      cells.push({
        tier,
        label: stack.map(({ label }) => label).join(", "),
        x: columnAt(zone),
        y: rowTop,
        width: columnWidth,
        height,
      });
      stack
        .flatMap((cell) => cell.nodes)
        .forEach((node, at) => nodes.push(place(node, columnAt(zone) + CELL.pad, rowTop + CELL.head + at * (CARD.height + GAP))));
    });
    rowTop += height + GAP;
  }
  const width = 2 * FRAME.pad + Math.max(1, network.zones.length) * (columnWidth + GAP) - GAP;
  const zones = network.zones.map((name, at) => ({ name, x: columnAt(at), y: y + FRAME.head - 12 }));
  return { frame: { network, x, y, width, height: rowTop - GAP + FRAME.pad - y, zones, cells }, nodes };
}

function cellHeight(cards: number): number {
  return cards === 0 ? CELL.empty : CELL.head + cards * (CARD.height + GAP) - GAP + CELL.pad;
}

/** The internet above the doors, and each door above the server that it leads to, as far as there is room. */
function placeEntrance(scene: Scene, nodes: readonly PlacedNode[]): PlacedNode[] {
  if (scene.doors.length === 0) return [];
  const wanted = scene.doors
    .map((door) => {
      const target = scene.flows.find(({ from }) => from === door.key)?.to;
      return { door, x: nodes.find(({ node }) => node.key === target)?.x ?? MARGIN + FRAME.pad + CELL.pad };
    })
    .sort((a, b) => a.x - b.x);
  let free = 0;
  const doors = wanted.map(({ door, x }) => {
    const at = Math.max(x, free);
    free = at + CARD.width + GAP;
    return place(door, at, MARGIN + CARD.height + DROP);
  });
  return [place(INTERNET_NODE, doors[0]?.x ?? MARGIN, MARGIN), ...doors];
}

/** Downwards from edge to edge, or out to the side where the target stands beside. */
function route(flow: Flow, nodes: readonly PlacedNode[]): PlacedFlow[] {
  const from = nodes.find(({ node }) => node.key === flow.from);
  const to = nodes.find(({ node }) => node.key === flow.to);
  if (from === undefined || to === undefined) return [];
  const sideways = to.node.kind === "service";
  const start = sideways
    ? { x: from.x + from.width, y: from.y + from.height / 2 }
    : { x: from.x + from.width / 2, y: from.y + from.height };
  const end = sideways ? { x: to.x - 6, y: to.y + to.height / 2 } : { x: to.x + to.width / 2, y: to.y - 6 };
  const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  if (sideways) {
    const turn = end.x - AISLE / 2;
    return [{ flow, path: `M${point(start)} H${String(turn)} V${String(end.y)} H${String(end.x)}`, x: turn, y: end.y - 10 }];
  }
  const path =
    start.x === end.x
      ? `M${point(start)} V${String(end.y)}`
      : `M${point(start)} C${point({ x: start.x, y: middle.y })} ${point({ x: end.x, y: middle.y })} ${point(end)}`;
  return [{ flow, path, x: middle.x + 8, y: middle.y + 4 }];
}

function point({ x, y }: { readonly x: number; readonly y: number }): string {
  return `${String(x)},${String(y)}`;
}
