/** What there is to compare with: a server that runs the queries of the catalogue and of a product, answers with their rows, and does nothing else. */
import { fastify } from "fastify";
import pg from "pg";

const COLUMNS = 'id, name, kind, summary, price_cents AS "priceCents", currency, stock';

const pool = new pg.Pool({ connectionString: process.env["DATABASE_URL"], max: 10 });
const app = fastify();
app.get("/", async () => {
  const { rows } = await pool.query({
    name: "products",
    text: `SELECT ${COLUMNS} FROM catalog.products WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT $3`,
    values: ["", "", 25],
  });
  return { products: rows };
});
app.get<{ Params: { id: string } }>("/api/products/:id", async (request) => {
  const { rows } = await pool.query<object>({
    name: "product",
    text: `SELECT ${COLUMNS}, description FROM catalog.products WHERE id = $1`,
    values: [request.params.id],
  });
  return rows[0];
});
await app.listen({ host: "127.0.0.1", port: Number(process.env["PORT"]) });
console.log(JSON.stringify({ event: "ready" }));
