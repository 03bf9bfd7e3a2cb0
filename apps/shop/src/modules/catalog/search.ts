import type { Queryable } from "../../platform/database/database.ts";

/** What somebody looks for. */
export interface Question {
  /** As they typed it; at most 100 characters. */
  readonly words: string;
  /** The id of a category that all finds are in. @default - any */
  readonly category?: string | undefined;
  /** Only what comes after this one. @default - from the best on */
  readonly after?: Find | undefined;
  readonly limit: number;
}

/** A product that fits. */
export interface Find {
  readonly id: string;
  /** How well it fits; finds are in the order of falling scores, and of their ids where those are equal. */
  readonly score: number;
}

/** Finds products by words, also by those that are not spelt quite right. */
export interface ProductSearch {
  find(question: Question): Promise<readonly Find[]>;
}

/** Searches with PostgreSQL itself: full text, and trigrams of names (the function `catalog.search`). */
export function postgresSearch(database: Queryable): ProductSearch {
  return {
    async find({ words, category, after, limit }) {
      const { rows } = await database.query<Find>({
        name: "catalog-search",
        text: "SELECT id, score FROM catalog.search($1, $2, $3, $4, $5)",
        values: [words, category, after?.score, after?.id, limit],
      });
      return rows;
    },
  };
}
