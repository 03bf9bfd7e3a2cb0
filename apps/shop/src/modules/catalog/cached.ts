import type { Cache, CacheKind } from "../../platform/cache/cache.ts";
import type { Catalog } from "./catalog.ts";
import { productId } from "./product-id.ts";

/**
 * The catalogue with its hot reads kept for a while. A product is forgotten when some of it is taken, and again when the order's event is heard, by when every
 * reader of the database has the change; pages show a stock that is up to `seconds` old, which ordering does not rely on.
 */
export function cachedCatalog(catalog: Catalog, cache: Cache, seconds: number): Catalog {
  const kind = (name: string): CacheKind => ({ name, freshMs: seconds * 1000, staleMs: seconds * 1000 });
  const [pages, products] = [kind("catalog-page.2"), kind("product.2")];
  const [popular, categories] = [kind("popular.1"), kind("categories.1")];
  return {
    ...catalog,
    categories: () => cache.read(categories, "", () => catalog.categories()),
    page: (which, limit) => {
      const { after, category = "" } = which;
      const key = `${limit} ${category} ${after === undefined ? "" : JSON.stringify([after.name, after.id])}`;
      return cache.read(pages, key, () => catalog.page(which, limit));
    },
    // What cannot be an id is no key either: nobody fills the cache with nonsense.
    product: (id) =>
      productId.safeParse(id).success ? cache.read(products, id, () => catalog.product(id)) : catalog.product(id),
    popular: (limit) => cache.read(popular, String(limit), () => catalog.popular(limit)),
    async reserve(reservationId, wanted) {
      const outcome = await catalog.reserve(reservationId, wanted);
      if (outcome.kind === "reserved")
        await cache.forget(
          products,
          wanted.map((line) => line.productId),
        );
      return outcome;
    },
    async countSold(eventId, sold) {
      await catalog.countSold(eventId, sold);
      await cache.forget(
        products,
        sold.map((line) => line.productId),
      );
    },
  };
}
