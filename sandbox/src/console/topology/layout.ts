import {
  type Box,
  FRAME_HEAD,
  type Place,
  rightOf,
  type Route,
  type Standing,
  STREET,
  toDatabase,
  toDoor,
  toServer,
  toService,
} from "./routes.ts";
import { type Network, type Scene, type SceneNode, type Tier, TIERS } from "./scene.ts";
import { type Flow, INTERNET } from "./traffic.ts";

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

/** A line of traffic. Where several have the same label in the same place, only the first one has it. */
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

/** A card, and what stands around it where it stands in a network. */
interface Placed extends PlacedNode, Partial<Pick<Standing, "cell" | "frame">> {}

const CARD = { width: 246, height: 58 } as const;
const SERVICE = { width: 190, height: 46 } as const;
const GAP = 14;
const MARGIN = 8;
/** How far the doors stand in from the internet: room for the line that leads to them. */
const INDENT = 22;
const FRAME_PAD = 24;
const CELL = { pad: 12, head: 30, empty: 46 } as const;
/** Between the internet, the doors and each other: room for an arrow's label. */
const DROP = 40;
/** Between the doors, the networks and the services: room for arrows that turn. */
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
  const left = MARGIN + (scene.doors.length > 0 ? INDENT + CARD.width + AISLE : 0);
  const networks: PlacedNetwork[] = [];
  const nodes: Placed[] = [];
  let y = MARGIN;
  for (const network of scene.networks) {
    const placed = placeNetwork(network, left, y);
    networks.push(placed.frame);
    nodes.push(...placed.nodes);
    y += placed.frame.height + GAP;
  }
  const right = Math.max(left - AISLE, ...networks.map(rightOf));
  nodes.push(...placeEntrance(scene, nodes));
  const beside = networks.length > 0 ? right + AISLE : left;
  nodes.push(...scene.services.map((node, at) => ({ node, x: beside, y: MARGIN + at * (SERVICE.height + 10), ...SERVICE })));
  const boxes: readonly Box[] = [...networks, ...nodes];
  const width = Math.max(right, ...boxes.map(rightOf)) + MARGIN;
  const height = Math.max(0, ...boxes.map((box) => box.y + box.height)) + MARGIN;
  return { width, height, networks, nodes, flows: placeFlows(scene.flows, nodes) };
}

function placeNetwork(network: Network, x: number, y: number): { frame: PlacedNetwork; nodes: Placed[] } {
  const columnWidth = CARD.width + 2 * CELL.pad;
  const columnAt = (zone: number): number => x + FRAME_PAD + zone * (columnWidth + STREET);
  const nodes: Omit<Placed, "frame">[] = [];
  const cells: PlacedCell[] = [];
  let rowTop = y + FRAME_HEAD;
  for (const tier of TIERS) {
    const row = network.cells.filter((cell) => cell.tier === tier);
    if (row.length === 0) continue;
    const stacks = network.zones.map((zone) => row.filter((cell) => cell.zone === zone));
    const height = Math.max(...stacks.map((stack) => cellHeight(stack.flatMap((cell) => cell.nodes).length)));
    stacks.forEach((stack, zone) => {
      if (stack.length === 0) return;
      const label = stack.map((cell) => cell.label).join(", ");
      const cell = { tier, label, x: columnAt(zone), y: rowTop, width: columnWidth, height };
      cells.push(cell);
      stack
        .flatMap(({ nodes: own }) => own)
        .forEach((node, at) => {
          const top = rowTop + CELL.head + at * (CARD.height + GAP);
          nodes.push({ node, x: cell.x + CELL.pad, y: top, ...CARD, cell });
        });
    });
    rowTop += height + STREET;
  }
  const width = 2 * FRAME_PAD + Math.max(1, network.zones.length) * (columnWidth + STREET) - STREET;
  const zones = network.zones.map((name, at) => ({ name, x: columnAt(at), y: y + 46 }));
  const frame = { network, x, y, width, height: rowTop - STREET + FRAME_PAD - y, zones, cells };
  return { frame, nodes: nodes.map((node) => ({ ...node, frame })) };
}

function cellHeight(cards: number): number {
  return cards === 0 ? CELL.empty : CELL.head + cards * (CARD.height + GAP) - GAP + CELL.pad;
}

/** The internet above the doors, and each door at the height of the server that it leads to, as far as there is room. */
function placeEntrance(scene: Scene, nodes: readonly Placed[]): Placed[] {
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
      free = at + CARD.height + DROP;
      return { node: door, x: MARGIN + INDENT, y: at, ...CARD };
    });
  return [{ node: INTERNET_NODE, x: MARGIN, y: MARGIN, width: CARD.width, height: SERVICE.height }, ...doors];
}

function placeFlows(flows: readonly Flow[], nodes: readonly Placed[]): PlacedFlow[] {
  const named = new Set<string>();
  return flows.flatMap((flow) => {
    const route = routeOf(flow, nodes);
    if (route === undefined) return [];
    const label = `${flow.label} at ${String(route.label.x)},${String(route.label.y)}`;
    const again = named.has(label);
    named.add(label);
    return [{ flow: again ? { ...flow, label: "" } : flow, ...route }];
  });
}

function routeOf(flow: Flow, nodes: readonly Placed[]): Route | undefined {
  const from = nodes.find(({ node }) => node.key === flow.from);
  const to = nodes.find(({ node }) => node.key === flow.to);
  if (from === undefined || to === undefined) return undefined;
  if (from.node.kind === "internet") return toDoor(from, to);
  if (from.node.kind === "door") return stands(to) ? toServer(from, to, AISLE) : undefined;
  if (!stands(from)) return undefined;
  if (to.node.kind === "service") return toService(from, to, AISLE);
  return stands(to) ? toDatabase(from, to) : undefined;
}

function stands(placed: Placed): placed is Placed & Standing {
  return placed.cell !== undefined;
}
