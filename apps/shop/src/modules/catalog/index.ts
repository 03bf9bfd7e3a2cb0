import type { MigrationSource } from "../../platform/database/migrations.ts";

export { catalogApi, PAGE_SIZE, searchWords } from "./api.ts";
export { cachedCatalog } from "./cached.ts";
export { type Catalog, createCatalog, type FindPage, type PageOf, type Position, type ProductPage } from "./catalog.ts";
export { readCursor, readFindCursor, writeCursor, writeFindCursor } from "./cursors.ts";
export { catalogFromReplicas } from "./from-replicas.ts";
export { sweepCatalog } from "./jobs.ts";
export { productId } from "./product-id.ts";
export type { Outcome, Refusal, Reserved, Wanted } from "./reservation.ts";
export type { Find, ProductSearch, Question } from "./search.ts";
export type { Category, Price, ProductDetailRow, ProductRow } from "./store.ts";

/** The tables of products, with the first collection in them. */
export const catalogMigrations: MigrationSource = { module: "catalog", folder: new URL("./migrations/", import.meta.url) };
