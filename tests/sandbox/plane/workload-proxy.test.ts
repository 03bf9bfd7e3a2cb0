import assert from "node:assert/strict";
import { proxyPlan } from "../../../sandbox/src/plane/workload-proxy.ts";

const plan = (command: string): ReturnType<typeof proxyPlan> => proxyPlan({ name: "tls", command: command.split(" ") });

describe("proxyPlan", () => {
  for (const [flags, expected] of [
    ["--from :80 --to 127.0.0.1:8080", { to: 8080 }],
    ["--from http:// --to :8080", { to: 8080 }],
    ["--from https://shop.example.com --to localhost:8080", { domain: "shop.example.com", to: 8080 }],
    ["--to http://127.0.0.1:3000 --from shop.example.com:443", { domain: "shop.example.com", to: 3000 }],
    // What caddy itself does without an address (caddyserver.com/docs/command-line#caddy-reverse-proxy).
    ["--to 127.0.0.1:8080", { domain: "localhost", to: 8080 }],
  ] as const) {
    it(`reads ${flags}`, () => {
      assert.deepEqual(plan(`caddy reverse-proxy ${flags}`), expected);
    });
  }

  const plays = 'of caddy the sandbox plays "caddy reverse-proxy --from ADDRESS --to 127.0.0.1:PORT"';
  for (const [command, expected] of [
    ["caddy run", `the unit "tls" runs "caddy run"; ${plays}`],
    ["nginx reverse-proxy --to :80", `the unit "tls" runs "nginx reverse-proxy --to :80"; ${plays}`],
    ["caddy reverse-proxy --to :80 --insecure x", `the unit "tls" runs "caddy reverse-proxy --to :80 --insecure x"; ${plays}`],
    [
      "caddy reverse-proxy --from :80",
      'the unit "tls" forwards to ""; the sandbox plays a port of the server itself, 127.0.0.1:PORT',
    ],
    [
      "caddy reverse-proxy --to 10.0.0.5:8080",
      'the unit "tls" forwards to "10.0.0.5:8080"; the sandbox plays a port of the server itself, 127.0.0.1:PORT',
    ],
    [
      "caddy reverse-proxy --from *.example.com/a --to :80",
      'the unit "tls" serves "*.example.com/a", which is not an address such as :80 or https://shop.example.com',
    ],
  ] as const) {
    it(`refuses ${command}`, () => {
      assert.equal(plan(command), expected);
    });
  }
});
