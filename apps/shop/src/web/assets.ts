import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** The files of `public/`, under an address that changes with their content. */
export interface Assets {
  /** Where they are, such as `/assets/3f2a9c41d0`. */
  readonly base: string;
  /** The name of a product's drawing: its own, or the one for products without. */
  picture(productId: string): string;
}

const FOLDER = fileURLToPath(new URL("../../public/", import.meta.url));
const NO_PICTURE = "none";

export function readAssets(): Assets {
  const hash = createHash("sha256");
  const files = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(FOLDER.length)).update(readFileSync(file));
  const pictures = new Set(readdirSync(join(FOLDER, "products")).map((file) => file.replace(/\.svg$/, "")));
  return {
    base: `/assets/${hash.digest("hex").slice(0, 10)}`,
    picture: (productId) => (pictures.has(productId) ? productId : NO_PICTURE),
  };
}

/** Serves the files: for a year under the current address. A page of another version still finds them during a deployment, but keeps them for a minute only. */
export async function assetRoutes(app: FastifyInstance, assets: Assets): Promise<void> {
  await app.register(fastifyStatic, { root: FOLDER, serve: false, index: false, dotfiles: "ignore" });
  app.get<{ Params: { version: string; "*": string } }>("/assets/:version/*", (request, reply) => {
    const current = `/assets/${request.params.version}` === assets.base;
    return reply.sendFile(
      request.params["*"],
      current ? { maxAge: "365d", immutable: true } : { maxAge: "60s", immutable: false },
    );
  });
}
