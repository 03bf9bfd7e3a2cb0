import { fromReplica } from "../../platform/database/routing.ts";
import type { Catalog } from "./catalog.ts";

/** The catalogue, read from a replica where there is one: stock is looked at again, on the writer, when it is reserved. */
export function catalogFromReplicas(catalog: Catalog): Catalog {
  return {
    ...catalog,
    page: (after, limit) => fromReplica(() => catalog.page(after, limit)),
    product: (id) => fromReplica(() => catalog.product(id)),
    popular: (limit) => fromReplica(() => catalog.popular(limit)),
  };
}
