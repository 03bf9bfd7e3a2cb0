/** What there is to compare with: a server that runs the catalogue's query and answers with its rows, and does nothing else. */
import { fastify } from "fastify";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
const app = fastify();
app.get("/", async () => {
  const { rows } = await pool.query({
    name: "products",
    text: 'SELECT id, name, kind, summary, price_cents AS "priceCents", currency, stock FROM catalog.products WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3',
    values: ["", "", 25],
  });
  return { products: rows };
});
await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
console.log(JSON.stringify({ event: "ready" }));
