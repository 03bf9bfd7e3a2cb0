import type { FastifyInstance, LightMyRequestResponse } from "fastify";

/** Somebody at the pages, by injected requests: keeps cookies and sends forms back with what was hidden in them. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #app: FastifyInstance;

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    return this.#keep(await this.#app.inject({ method: "GET", url, headers: { ...headers, ...this.#sent() } }));
  }

  /** Sends fields as a form does, as they are. */
  async post(
    url: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<LightMyRequestResponse> {
    return this.#keep(
      await this.#app.inject({
        method: "POST",
        url,
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers, ...this.#sent() },
        payload: new URLSearchParams(fields).toString(),
      }),
    );
  }

  /** Loads a page and sends the form on it that goes to `action`, with its hidden fields and these. */
  async submit(page: string, action: string, fields: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    return this.post(action, { ...hiddenFields((await this.get(page)).body, action), ...fields });
  }

  /** Signs up and logs in. */
  async enter(email: string, password: string): Promise<void> {
    await this.submit("/signup", "/signup", { email, password });
    await this.submit("/login", "/login", { email, password });
  }

  #sent(): Record<string, string> {
    return this.cookies.size === 0 ? {} : { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  }

  #keep(response: LightMyRequestResponse): LightMyRequestResponse {
    for (const { name, value, expires } of response.cookies) {
      if (value === "" || (expires !== undefined && expires.getTime() <= Date.now())) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

/** The hidden fields of the form that goes to `action`. @throws Error if the page has no such form */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html.split("<form").find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`there is no form to ${action} on this page:\n${html}`);
  const inputs = form.slice(0, form.indexOf("</form>")).matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries(Array.from(inputs, ([, name = "", value = ""]) => [name, value]));
}
