import { html, type Html } from "../html.ts";
import { HEALTH_WORDS } from "../health.ts";
import { counted } from "../names.ts";
import { ICONS } from "./icons.ts";
import type { Layout, PlacedFlow, PlacedNetwork, PlacedNode } from "./layout.ts";

/** Draws the picture of a world as SVG. It has no style of its own: colours come from the page's style sheet, by class. */
export function draw(layout: Layout): Html {
  const { width, height, networks, nodes, flows } = layout;
  return html`<svg
    class="topology"
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="group"
    aria-labelledby="topology-title topology-text"
  >
    <title id="topology-title">Topology</title>
    <desc id="topology-text">${describe(layout)}</desc>
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
        <path class="arrow" d="M0,0 L8,4 L0,8 z" />
      </marker>
    </defs>
    ${networks.map(drawNetwork)} ${flows.map(drawFlow)} ${nodes.map(drawNode)} ${flows.map(drawLabel)}
  </svg>`;
}

function describe({ networks, nodes, flows }: Layout): string {
  const named = new Map(nodes.map(({ node }) => [node.key, node.title]));
  const zones = networks.reduce((sum, { network }) => sum + network.zones.length, 0);
  const lines = flows.map(
    ({ flow }) => `${named.get(flow.from) ?? ""} reaches ${named.get(flow.to) ?? ""}${flow.label && ` (${flow.label})`}.`,
  );
  return [
    `${counted(networks.length, "network")} over ${counted(zones, "zone")}, ${counted(nodes.length, "part")}.`,
    ...lines,
  ].join(" ");
}

function drawNetwork({ network, x, y, width, height, zones, cells }: PlacedNetwork): Html {
  return html`<g class="network">
    <rect x="${x}" y="${y}" width="${width}" height="${height}" rx="14" />
    <text class="network-title" x="${x + 18}" y="${y + 26}"
      >${network.title}<tspan class="quiet" dx="8">${network.detail}</tspan></text
    >
    ${zones.map((zone) => html`<text class="zone" x="${zone.x}" y="${zone.y}">${zone.name}</text>`)}
    ${cells.map(
      (cell) =>
        html`<g class="cell ${cell.tier}"
          ><rect x="${cell.x}" y="${cell.y}" width="${cell.width}" height="${cell.height}" rx="10" /><text
            x="${cell.x + 12}"
            y="${cell.y + 20}"
            >${cell.tier}<tspan class="quiet" dx="6">${cell.label}</tspan></text
          ></g
        >`,
    )}
  </g>`;
}

function drawFlow({ flow, path }: PlacedFlow): Html {
  return html`<g class="flow${flow.busy && " busy"}"><path d="${path}" marker-end="url(#arrow)" /></g>`;
}

/** On a plate of its own, so that it can be read over whatever it lies on. */
function drawLabel({ flow: { label }, label: { x, y } }: PlacedFlow): Html {
  if (label === "") return html``;
  const width = label.length * 6.4 + 16;
  return html`<g class="flow-label"
    ><rect x="${x - width / 2}" y="${y - 10}" width="${width}" height="20" rx="10" /><text x="${x}" y="${y + 4}"
      >${label}</text
    ></g
  >`;
}

function drawNode({ node, x, y, width, height }: PlacedNode): Html {
  const middle = height / 2;
  const card = html`<g class="card ${node.kind} ${node.health}" transform="translate(${x} ${y})">
    <rect width="${width}" height="${height}" rx="10" />
    <path class="icon" transform="translate(14 ${middle - 12})" d="${ICONS[node.icon]}" />
    <text class="card-title" x="50" y="${middle - 4}">${shortened(node.title, 24)}</text>
    <text class="quiet" x="50" y="${middle + 14}">${shortened(node.detail, 30)}</text>
    ${node.health !== "declared" && html`<circle class="dot" cx="${width - 14}" cy="14" r="5" />`}
  </g>`;
  const label = `${node.title}, ${node.detail}, ${HEALTH_WORDS[node.health]}`;
  if (node.anchor === undefined) return html`<g role="img" aria-label="${label}">${card}</g>`;
  return html`<a href="#${node.anchor}" aria-label="${label}"><title>${label}</title>${card}</a>`;
}

/** Names of one stack begin alike: what tells them apart is at their end. */
function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.ceil((length - 1) / 2);
  return `${text.slice(0, length - 1 - end)}…${text.slice(-end)}`;
}
