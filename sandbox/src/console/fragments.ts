import { HEALTH_WORDS, type Health, PROCESS_HEALTH } from "./health.ts";
import { html, type Html } from "./html.ts";
import { counted } from "./names.ts";
import { draw } from "./topology/draw.ts";
import { layOut } from "./topology/layout.ts";
import type { ConsoleView } from "./view.ts";

/** Newest first, and no more than a person reads. */
const SHOWN_EVENTS = 40;

/** The parts of the page that change, by the id of the element whose content they are. */
export function fragments(view: ConsoleView, now: number): Record<string, Html> {
  return {
    status: status(view),
    topology:
      view.scene.networks.length + view.scene.services.length === 0
        ? empty("Nothing is deployed yet: npm start")
        : draw(layOut(view.scene)),
    product: product(view),
    doors: doors(view),
    processes: processes(view, now),
    faults: faults(view),
    alarms: alarms(view),
    events: events(view),
    mail: mail(view),
    resources: resources(view),
  };
}

function empty(words: string): Html {
  return html`<p class="empty">${words}</p>`;
}

function badge(health: Health, words: string = HEALTH_WORDS[health]): Html {
  return html`<span class="badge ${health}">${words}</span>`;
}

function status({ account, regions, health, summary }: ConsoleView): Html {
  return html`${badge(health, summary)}<span class="where"
      >account ${account}${regions.map((region) => html` · ${region}`)}</span
    >`;
}

function product({ doors: [first] }: ConsoleView): Html {
  return first === undefined ? html`` : html`<a class="button primary" href="${localOnly(first.url)}">Open the product</a>`;
}

function doors({ doors: open }: ConsoleView): Html {
  if (open.length === 0) return empty("No door is open.");
  return html`<ul class="links">
    ${open.map(({ url, target }) => html`<li><a href="${localOnly(url)}">${url}</a><span class="quiet">stands for ${target}</span></li>`)}
  </ul>`;
}

/** A door is an HTTP address; anything else would be a script in disguise. */
function localOnly(url: string): string {
  return /^https?:\/\//.test(url) ? url : "#";
}

function processes({ processes: all }: ConsoleView, now: number): Html {
  if (all.length === 0) return empty("No process runs.");
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Process</th>
        <th scope="col">State</th>
        <th scope="col" class="number">Memory</th>
        <th scope="col" class="number">Restarts</th>
        <th scope="col" class="number">Up for</th>
        <th scope="col"><span class="unseen">Actions</span></th>
      </tr>
    </thead>
    <tbody>
      ${all.map(
        ({ name, pid, state, memoryBytes, restarts, startedAt }) =>
          html`<tr>
            <th scope="row">${name}<span class="quiet">${pid === undefined ? "no process" : `pid ${String(pid)}`}</span></th>
            <td>${badge(PROCESS_HEALTH[state], state)}</td>
            <td class="number" data-label="Memory">${memory(memoryBytes)}</td>
            <td class="number" data-label="Restarts">${restarts}</td>
            <td class="number" data-label="Up for">${state === "ready" ? duration(now - startedAt) : "–"}</td>
            <td class="actions">
              <a class="button" href="?log=${encodeURIComponent(name)}#log" data-log="${name}"
                >Log<span class="unseen"> of ${name}</span></a
              >
              <form
                method="post"
                action="/console/faults/kill"
                data-confirm="Kill ${name} with SIGKILL? The sandbox starts it again if it is meant to run on."
              >
                <input type="hidden" name="process" value="${name}" />
                <button class="danger">Kill<span class="unseen"> ${name}</span></button>
              </form>
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function faults({ faults: inForce }: ConsoleView): Html {
  if (inForce.length === 0) return empty("No fault is in force.");
  return html`<ul class="rows">
      ${inForce.map(
        ({ id, description }) =>
          html`<li>
            <span>${description}<span class="quiet">${id}</span></span>
            <form method="post" action="/console/faults/remove">
              <input type="hidden" name="fault" value="${id}" />
              <button>End<span class="unseen"> ${id}</span></button>
            </form>
          </li>`,
      )}
    </ul>
    ${
      inForce.length > 1 &&
      html`<form method="post" action="/console/faults/clear" data-confirm="End ${counted(inForce.length, "fault")}?">
        <button>End all faults</button>
      </form>`
    }`;
}

const ALARM_HEALTH = { OK: "ok", ALARM: "down", INSUFFICIENT_DATA: "declared" } as const;
const ALARM_WORDS = { OK: "OK", ALARM: "in alarm", INSUFFICIENT_DATA: "no data yet" } as const;
const ALARM_ORDER = ["ALARM", "INSUFFICIENT_DATA", "OK"] as const;

function alarms({ alarms: all }: ConsoleView): Html {
  if (all.length === 0) return empty("No alarm is set up.");
  const sorted = [...all].sort(
    (a, b) => ALARM_ORDER.indexOf(a.state) - ALARM_ORDER.indexOf(b.state) || a.name.localeCompare(b.name),
  );
  return html`<ul>
    ${sorted.map(({ name, state, reason }) => html`<li>${badge(ALARM_HEALTH[state], ALARM_WORDS[state])} ${name}<span class="quiet">${reason}</span></li>`)}
  </ul>`;
}

function events({ events: all }: ConsoleView): Html {
  if (all.length === 0) return empty("Nothing has happened yet.");
  const newest = all.slice(-SHOWN_EVENTS).reverse();
  return html`<ol class="events">
    ${newest.map(({ at, message }) => html`<li>${clock(at)} <span>${message}</span></li>`)}
  </ol>`;
}

function mail({ mail: all = [] }: ConsoleView): Html {
  if (all.length === 0) return empty("No message has been sent.");
  const newest = all.slice(-SHOWN_EVENTS).reverse();
  return html`<ol class="events">
    ${newest.map(
      ({ at, to, subject, body, delivered }) =>
        html`<li>
          ${clock(at)}
          <div>
            ${
              body === undefined
                ? subject
                : html`<details>
                    <summary>${subject}</summary>
                    <pre>${body}</pre>
                  </details>`
            }
            <span class="quiet"
              >to ${to}${delivered === false && ", kept back: the address has not confirmed its subscription"}</span
            >
          </div>
        </li>`,
    )}
  </ol>`;
}

function resources({ resources: all }: ConsoleView): Html {
  if (all.length === 0) return empty("The world is empty.");
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Name</th>
        <th scope="col">Type</th>
        <th scope="col">Id</th>
        <th scope="col">State</th>
        <th scope="col">Facts</th>
      </tr>
    </thead>
    <tbody>
      ${all.map(
        ({ anchor, name, type, kind, id, region, phase, health, facts }) =>
          html`<tr
            id="${anchor}"
            data-text="${[name, type, id, region, ...facts.map(([, value]) => value)].join(" ").toLowerCase()}"
          >
            <th scope="row">${name}</th>
            <td title="${type}">${kind}</td>
            <td><code>${id}</code></td>
            <td>${phase === "ready" ? badge(health) : badge("starting", phase)}</td>
            <td class="facts">${facts.map(([key, value]) => html`<span><i>${key}</i> ${value}</span> `)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function memory(bytes: number): string {
  return bytes === 0 ? "–" : `${String(Math.round(bytes / 2 ** 20))} MiB`;
}

/** Seconds, then minutes, then hours: coarse enough that the page does not change all the time. */
function duration(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "< 1 min";
  if (minutes < 60) return `${String(minutes)} min`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

function clock(at: number): Html {
  const time = new Date(at).toISOString();
  return html`<time datetime="${time}">${time.slice(11, 19)}</time>`;
}
