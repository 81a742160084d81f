// How fast are the views behind Mercurius with graphql-jit, hand-written SQL and loaders?
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const INT8 = 20, DATE = 1082, TIMESTAMPTZ = 1184;
pg.types.setTypeParser(INT8, Number);
pg.types.setTypeParser(DATE, (text) => text);
pg.types.setTypeParser(TIMESTAMPTZ, (text) => text.replace(" ", "T") + ":00");

const pool = new pg.Pool({
  host: process.env.PGHOST, port: +process.env.PGPORT, user: process.env.PGUSER, database: process.env.PGDATABASE,
  min: 16, max: 16, options: "-c search_path=views -c timezone=UTC",
});
const rows = (name, text, values) => pool.query({ name, text, values }).then((result) => result.rows);

const schema = `
  scalar Date
  scalar DateTime
  scalar JSON
  type Division { id: ID! code: String! name: String! }
  type AnnualInspection { year: Int! state: String! late: Boolean! result: String since: Date! }
  type Member { kind: String! name: String! uscc: String admittedOn: Date! }
  type Chamber {
    id: ID! name: String! state: String! uscc: String registeredOn: Date domicile: String
    unitMembers: Int! version: Int!
    division: Division!
    inspections(first: Int!): [AnnualInspection!]!
    members(first: Int!): [Member!]!
  }
  type FieldChange { path: String! before: JSON after: JSON }
  type Change {
    position: String! recordedAt: DateTime! kind: String! actor: String! recordId: ID! fields: [FieldChange!]!
  }
  type Query {
    chamber(id: ID!): Chamber
    chambers(first: Int!): [Chamber!]!
    changes(first: Int!): [Change!]!
  }`;

const CHAMBER = `SELECT id, name, state, uscc, registered_on AS "registeredOn", domicile,
  unit_members AS "unitMembers", version, division_id FROM chamber`;
const CHANGES = `SELECT position::text, recorded_at AS "recordedAt", kind, actor, record_id AS "recordId", fields
  FROM change WHERE record_type <> 'CLAIM' ORDER BY change.position DESC, change.ordinal DESC LIMIT $1`;
const DIVISIONS = "SELECT id, code, name FROM division WHERE id = ANY ($1)";
const INSPECTIONS = `SELECT parent.id AS parent, i.* FROM unnest($1::uuid[]) AS parent (id), LATERAL (
    SELECT year, state, late, result, since FROM annual_inspection
    WHERE chamber_id = parent.id ORDER BY year DESC LIMIT $2) AS i`;
const MEMBERS = `SELECT parent.id AS parent, m.* FROM unnest($1::uuid[]) AS parent (id), LATERAL (
    SELECT kind, name, uscc, admitted_on AS "admittedOn" FROM chamber_member
    WHERE chamber_id = parent.id ORDER BY chamber_member.name, chamber_member.id LIMIT $2) AS m`;

const resolvers = {
  Query: {
    chamber: async (_, { id }) => (await rows("chamber", `${CHAMBER} WHERE id = $1`, [id]))[0] ?? null,
    chambers: (_, { first }) => rows("chambers", `${CHAMBER} ORDER BY name, id LIMIT $1`, [first]),
    changes: (_, { first }) => rows("changes", CHANGES, [first]),
  },
};

// A loader's batch may hold calls with different arguments: each number asked for is a batch of its own.
const pages = (name, text) => async (queries) => {
  const found = new Map();
  for (const first of new Set(queries.map((query) => query.params.first))) {
    const ids = queries.filter((query) => query.params.first === first).map((query) => query.obj.id);
    for (const id of ids) found.set(`${id}/${first}`, []);
    for (const row of await rows(name, text, [ids, first])) found.get(`${row.parent}/${first}`).push(row);
  }
  return queries.map((query) => found.get(`${query.obj.id}/${query.params.first}`));
};

const loaders = {
  Chamber: {
    async division(queries) {
      const found = await rows("divisions", DIVISIONS, [queries.map((query) => query.obj.division_id)]);
      const byId = new Map(found.map((row) => [row.id, row]));
      return queries.map((query) => byId.get(query.obj.division_id));
    },
    inspections: pages("inspections", INSPECTIONS),
    members: pages("members", MEMBERS),
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: 1, path: "/graphql" });
await app.listen({ port: +process.env.PORT, host: "127.0.0.1" });
