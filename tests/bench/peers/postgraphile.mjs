// How fast are the views behind PostGraphile 5, told of the relations and of the shape of a field's change?
import { createServer } from "node:http";
import pg from "pg";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { lambda } from "postgraphile/grafast";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { extendSchema, jsonPgSmartTags } from "postgraphile/utils";

const pool = new pg.Pool({
  host: process.env.PGHOST, port: +process.env.PGPORT, user: process.env.PGUSER, database: process.env.PGDATABASE,
  min: 16, max: 16, options: "-c timezone=UTC",
});

// Views have no foreign keys in the database: smart tags tell what leads where.
const relations = jsonPgSmartTags({
  version: 1,
  config: {
    class: {
      "views.chamber": { tags: { foreignKey: "(division_id) references views.division (id)|@fieldName division" } },
      "views.annual_inspection": {
        tags: { foreignKey: "(chamber_id) references views.chamber (id)|@foreignFieldName inspections" },
      },
      "views.chamber_member": {
        tags: { foreignKey: "(chamber_id) references views.chamber (id)|@foreignFieldName members" },
      },
    },
  },
});

// `fields` is one JSON value to PostGraphile; the labels that nobody asked for are left out before it is written.
const differences = extendSchema({
  typeDefs: "extend type Change { differences: JSON! }",
  objects: {
    Change: {
      plans: {
        differences: ($change) => lambda($change.get("fields"), (fields) =>
          fields.map(({ path, before, after }) => ({ path, before, after }))),
      },
    },
  },
});

const server = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [relations, differences],
  pgServices: [makePgService({ pool, schemas: ["views"] })],
  grafast: { explain: false },
  grafserv: { watch: false, graphqlPath: "/graphql" },
}).createServ(grafserv);
const listening = createServer();
await server.addTo(listening);
listening.listen(+process.env.PORT, "127.0.0.1");
