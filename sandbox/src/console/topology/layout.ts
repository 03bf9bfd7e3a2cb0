import { across, type Box, down, downLane, type Place, type Route } from "./routes.ts";
import { type Flow, INTERNET, type Network, type Scene, type SceneNode, type Tier, TIERS } from "./scene.ts";

export type { Box, Place } from "./routes.ts";

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
  readonly zones: readonly (Place & { readonly name: string })[];
  readonly cells: readonly PlacedCell[];
}

/** A line of traffic. */
export interface PlacedFlow extends Route {
  readonly flow: Flow;
}

/** The whole picture, ready to draw. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly networks: readonly PlacedNetwork[];
  readonly nodes: readonly PlacedNode[];
  readonly flows: readonly PlacedFlow[];
}

const CARD = { width: 232, height: 58 } as const;
const SERVICE = { width: 204, height: 46 } as const;
const GAP = 14;
const MARGIN = 8;
const FRAME = { pad: 18, head: 62 } as const;
const CELL = { pad: 12, head: 30, empty: 46 } as const;
/** Between the internet and the first door: room for an arrow and its label. */
const DROP = 46;
/** Between the columns: room for arrows that turn. */
const AISLE = 64;

const INTERNET_NODE: SceneNode = {
  key: INTERNET,
  kind: "internet",
  icon: "internet",
  title: "Internet",
  detail: "people and their browsers",
  health: "declared",
};

/** Gives everything its place: the ways in on the left, the networks, the services on the right. A pure sum: the same scene gives the same picture. */
export function layOut(scene: Scene): Layout {
  const left = MARGIN + (scene.doors.length > 0 ? CARD.width + AISLE : 0);
  const networks: PlacedNetwork[] = [];
  const nodes: PlacedNode[] = [];
  let y = MARGIN;
  for (const network of scene.networks) {
    const placed = placeNetwork(network, left, y);
    networks.push(placed.frame);
    nodes.push(...placed.nodes);
    y += placed.frame.height + GAP;
  }
  const right = Math.max(left - AISLE, ...networks.map(rightOf));
  nodes.push(...placeEntrance(scene, nodes));
  const aisle = networks.length > 0 ? right + AISLE : left;
  const services = scene.services.map((node, at) => ({ node, x: aisle, y: MARGIN + at * (SERVICE.height + 10), ...SERVICE }));
  nodes.push(...services);
  const flows = scene.flows.flatMap((flow) => route(flow, nodes, right));
  const boxes: readonly Box[] = [...networks, ...nodes];
  const width = Math.max(right, ...boxes.map(rightOf)) + MARGIN;
  return { width, height: Math.max(0, ...boxes.map((box) => box.y + box.height)) + MARGIN, networks, nodes, flows };
}

function rightOf({ x, width }: Box): number {
  return x + width;
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
      const label = stack.map((cell) => cell.label).join(", ");
      cells.push({ tier, label, x: columnAt(zone), y: rowTop, width: columnWidth, height });
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

/** The internet above the doors, and each door at the height of the server that it leads to, as far as there is room. */
function placeEntrance(scene: Scene, nodes: readonly PlacedNode[]): PlacedNode[] {
  if (scene.doors.length === 0) return [];
  let free = MARGIN + SERVICE.height + DROP;
  const doors = scene.doors
    .map((door) => {
      const target = scene.flows.find(({ from }) => from === door.key)?.to;
      return { door, y: nodes.find(({ node }) => node.key === target)?.y ?? free };
    })
    .sort((a, b) => a.y - b.y)
    .map(({ door, y }) => {
      const at = Math.max(y, free);
      free = at + CARD.height + GAP;
      return place(door, MARGIN, at);
    });
  return [{ ...place(INTERNET_NODE, MARGIN, MARGIN), height: SERVICE.height }, ...doors];
}

/** `edge`: where the networks end on the right; the label of what leaves them stands on it. */
function route(flow: Flow, nodes: readonly PlacedNode[], edge: number): PlacedFlow[] {
  const from = nodes.find(({ node }) => node.key === flow.from);
  const to = nodes.find(({ node }) => node.key === flow.to);
  if (from === undefined || to === undefined) return [];
  if (from.node.kind === "internet") return [{ flow, ...down(from, to) }];
  if (from.node.kind === "door") return [{ flow, ...across(from, to, rightOf(from) + AISLE / 2, (rightOf(from) + to.x) / 2) }];
  if (to.node.kind === "service") return [{ flow, ...across(from, to, edge + AISLE / 2, edge) }];
  return [{ flow, ...downLane(from, to, to.y - CELL.head - GAP / 2) }];
}
