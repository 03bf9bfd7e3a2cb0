import type { FastifyInstance, FastifyRequest } from "fastify";
import { Counter, Gauge, type Registry } from "prom-client";
import { problems } from "./problem.ts";

/** What watches the process, and what costs next to nothing, is answered however much there is to do. */
const ALWAYS = /^\/(healthz|readyz|metrics|api\/chaos)$|^\/assets\//;

const admitted = new WeakSet<FastifyRequest>();

/**
 * Turns requests away, at once and with the advice to come again, while `most` are under way. What is admitted is then answered in about the time it always takes:
 * of more at once each would wait for all others, until everybody has given up waiting and the work was for nobody.
 */
export function shedLoad(app: FastifyInstance, most: number, registry: Registry): void {
  let underWay = 0;
  new Gauge({
    name: "http_requests_under_way",
    help: "Requests that are being answered.",
    registers: [registry],
    collect() {
      this.set(underWay);
    },
  });
  const shed = new Counter({
    name: "http_requests_shed_total",
    help: "Requests that were turned away with 503 because as many were under way as this process takes.",
    registers: [registry],
  });
  app.addHook("onRequest", (request, _reply, done) => {
    if (ALWAYS.test(request.routeOptions.url ?? "")) {
      done();
    } else if (underWay >= most) {
      shed.inc();
      done(problems.unavailable("The shop is full."));
    } else {
      underWay += 1;
      admitted.add(request);
      done();
    }
  });
  // Also of a client that has gone away.
  app.addHook("onResponse", (request, _reply, done) => {
    if (admitted.delete(request)) underWay -= 1;
    done();
  });
}
