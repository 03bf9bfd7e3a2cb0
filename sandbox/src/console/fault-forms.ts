import { html, type Html } from "./html.ts";

/** A kind of fault that can be put in from the page, with one number to choose. */
interface Offer {
  readonly kind: string;
  /** The name of the number in a fault request. */
  readonly amount: string;
  readonly value: number;
  readonly most: number;
  readonly before: string;
  readonly after: string;
  readonly press: string;
}

const OFFERS: readonly Offer[] = [
  {
    kind: "throttle",
    amount: "calls",
    value: 20,
    most: 1_000_000,
    before: "Throttle the next",
    after: "calls",
    press: "Throttle",
  },
  {
    kind: "fail-create",
    amount: "nth",
    value: 1,
    most: 1_000_000,
    before: "Fail create number",
    after: "from now",
    press: "Fail",
  },
  { kind: "latency", amount: "ms", value: 500, most: 60_000, before: "Add", after: "ms to each call", press: "Slow down" },
];

/** The forms by which faults are put in. They stand outside of what changes, so that nothing is lost while somebody types. */
export function faultForms(services: readonly string[]): Html {
  return html`${OFFERS.map(form)}
    <datalist id="services">${services.map((service) => html`<option value="${service}"></option>`)}</datalist>
    <p class="quiet">More kinds: <code>npm run sandbox -- fault --help</code></p>`;
}

function form({ kind, amount, value, most, before, after, press }: Offer): Html {
  return html`<form class="offer" method="post" action="/console/faults/add">
    <input type="hidden" name="kind" value="${kind}" />
    <label>${before} <input type="number" name="${amount}" value="${value}" min="1" max="${most}" required /> ${after}</label>
    <label>of <input name="service" list="services" placeholder="any service" autocomplete="off" spellcheck="false" /></label>
    <button>${press}</button>
  </form>`;
}

/** The fault that such a form asks for, still to be checked: what looks like a number is one, and what was left empty is absent. */
export function faultOf(form: URLSearchParams): Readonly<Record<string, string | number>> {
  const given = [...form].filter(([, value]) => value.trim() !== "");
  return Object.fromEntries(given.map(([name, value]) => [name, /^-?\d+$/.test(value) ? Number(value) : value.trim()]));
}
