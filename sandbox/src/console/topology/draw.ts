import { html, type Html } from "../html.ts";
import { HEALTH_WORDS } from "../health.ts";
import { counted } from "../names.ts";
import type { Layout, PlacedFlow, PlacedNetwork, PlacedNode } from "./layout.ts";
import type { SceneNode } from "./scene.ts";

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
    ${networks.map(drawNetwork)} ${flows.map(drawFlow)} ${nodes.map(drawNode)}
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

function drawFlow({ flow, path, x, y }: PlacedFlow): Html {
  return html`<g class="flow"
    ><path d="${path}" marker-end="url(#arrow)" />${flow.label !== "" && html`<text x="${x}" y="${y}">${flow.label}</text>`}</g
  >`;
}

function drawNode({ node, x, y, width, height }: PlacedNode): Html {
  const card = html`<g class="card ${node.kind} ${node.health}" transform="translate(${x} ${y})">
    <rect width="${width}" height="${height}" rx="10" />
    <path class="icon" transform="translate(14 17)" d="${ICONS[node.kind]}" />
    <text class="card-title" x="50" y="25">${shortened(node.title, 24)}</text>
    <text class="quiet" x="50" y="43">${shortened(node.detail, 28)}</text>
    ${node.health !== "declared" && html`<circle class="dot" cx="${width - 14}" cy="14" r="5" />`}
  </g>`;
  const label = `${node.title}, ${node.detail}, ${HEALTH_WORDS[node.health]}`;
  if (node.anchor === undefined) return html`<g role="img" aria-label="${label}">${card}</g>`;
  return html`<a href="#${node.anchor}" aria-label="${label}"><title>${label}</title>${card}</a>`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Line drawings on a grid of 24. */
const ICONS: Readonly<Record<SceneNode["kind"], string>> = {
  internet: "M12,2 a10,10 0 1 0 0.01,0 M2,12 H22 M12,2 C6,8 6,16 12,22 C18,16 18,8 12,2",
  door: "M5,22 V4 L14,2 V22 Z M14,4 H19 V22 M2,22 H22 M11,12 V13",
  server: "M3,4 H21 V11 H3 Z M3,13 H21 V20 H3 Z M6,7.5 H8 M6,16.5 H8 M12,7.5 H18 M12,16.5 H18",
  database: "M4,5 C4,1 20,1 20,5 C20,9 4,9 4,5 V19 C4,23 20,23 20,19 V5 M4,12 C4,16 20,16 20,12",
  gateway: "M3,12 H21 M15,6 L21,12 L15,18 M9,6 L3,12 L9,18",
  service: "M12,2 L21,7 V17 L12,22 L3,17 V7 Z M3,7 L12,12 L21,7 M12,12 V22",
};
