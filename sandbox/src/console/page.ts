import { faultForms } from "./fault-forms.ts";
import { html, type Html } from "./html.ts";

/** The addresses of the page's own files, which carry a hash of their content. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
  readonly icon: string;
}

/** The log that the page follows. */
export interface PageLog {
  readonly process: string;
  readonly text: string;
}

/** What a page shows at one moment. */
export interface PageContent {
  /** What changes, by the id of the element whose content it is. */
  readonly parts: Readonly<Record<string, Html>>;
  /** Services that a fault may be for. */
  readonly services: readonly string[];
}

/** The whole page. It is complete as it leaves the server; the script only keeps it fresh. */
export function page({ parts, services }: PageContent, assets: PageAssets, log: PageLog | undefined): string {
  const section = (id: string, title: string, className = ""): Html =>
    html`<section class="${className}" aria-labelledby="${id}-title">
      <h2 id="${id}-title">${title}</h2>
      <div id="${id}" class="scroll" tabindex="0" role="group" aria-labelledby="${id}-title">${parts[id]}</div>
    </section>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Sandbox console</title>
        <link rel="icon" href="${assets.icon}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets.style}" />
        <script type="module" src="${assets.script}"></script>
      </head>
      <body>
        <header>
          <img src="${assets.icon}" alt="" width="28" height="28" />
          <h1>Sandbox</h1>
          <div id="status" role="status">${parts["status"]}</div>
          <div id="product">${parts["product"]}</div>
          <p id="notice" role="alert" hidden></p>
        </header>
        <main>
          ${section("topology", "Topology", "wide")} ${section("processes", "Processes", "two")} ${section("doors", "Ways in")}
          <section id="log-section" class="wide" aria-labelledby="log-title" ${log === undefined && html`hidden`}>
            <h2 id="log-title">Log of <span id="log-name">${log?.process}</span></h2>
            <pre id="log" class="scroll" tabindex="0" role="group" aria-labelledby="log-title">${log?.text}</pre>
          </section>
          ${section("alarms", "Alarms")} ${section("mail", "Messages sent")}
          <section aria-labelledby="faults-title">
            <h2 id="faults-title">Faults</h2>
            <div id="faults" class="scroll" tabindex="0" role="group" aria-labelledby="faults-title">${parts["faults"]}</div>
            <h3>Put one in</h3>
            ${faultForms(services)}
          </section>
          ${section("events", "What happened", "wide")}
          <section class="wide" aria-labelledby="resources-title">
            <h2 id="resources-title">Resources</h2>
            <label class="search">Search <input id="search" type="search" autocomplete="off" spellcheck="false" /></label>
            <span id="found" class="quiet" role="status"></span>
            <div id="resources" class="scroll" tabindex="0" role="group" aria-labelledby="resources-title">
              ${parts["resources"]}
            </div>
          </section>
        </main>
        <dialog id="confirm" aria-labelledby="confirm-text">
          <form method="dialog">
            <p id="confirm-text"></p>
            <menu>
              <button value="no">Cancel</button>
              <button value="yes" class="danger">Yes</button>
            </menu>
          </form>
        </dialog>
      </body>
    </html> `.markup;
}

/** What someone sees who has no key to the console. */
export function lockedPage(style: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Sandbox console</title>
        <link rel="stylesheet" href="${style}" />
      </head>
      <body>
        <main class="locked">
          <h1>This console is locked</h1>
          <p>It opens with a key that only the owner of this sandbox has. In the project's folder, run:</p>
          <pre>npm run sandbox -- open</pre>
        </main>
      </body>
    </html> `.markup;
}
