import { raw, type Sql, sql } from './sql.js';

/** Where the two databases differ in what lists need. */
export interface Dialect {
  placeholder(this: void, number: number): string;
  table(this: void, name: string): Sql;
  /** The rows of `node_fact`, to be searched. */
  searchedFacts: Sql;
  /** The rows of `node_fact`, to be found by state and node ID without reading others. */
  factsByState: Sql;
  /** What to sort found rows by, so that they are not searched along the index of the order. */
  sortedBy(this: void, column: Sql): Sql;
  /** Where a text begins in a column, from 1, in binary; 0 if it is not in it. */
  position(this: void, column: Sql, text: string): Sql;
  /** Joins the one row of a table that a condition finds, or none, looked up for each row of what stands before. */
  joinOne(this: void, table: string, name: string, condition: Sql): Sql;
  /** A subquery of texts, which may be many. */
  elements(this: void, texts: readonly string[]): Sql;
  /** Whether an event is one for the audit, as its index has it. */
  isAudit: Sql;
  /** Whether a subquery may name the row before it, by `LATERAL`. */
  hasLateral: boolean;
}

export const sqliteDialect: Dialect = {
  placeholder: () => '?',
  table: raw,
  // It knows too little of the values to choose an index well.
  searchedFacts: sql`node_fact NOT INDEXED`,
  factsByState: sql`node_fact INDEXED BY node_fact_state`,
  sortedBy: (column) => column,
  position: (column, text) => sql`instr(${column}, ${text})`,
  joinOne: (table, name, condition) => sql`LEFT JOIN ${raw(table)} AS ${raw(name)} ON ${condition}`,
  elements: (texts) => sql`SELECT value FROM json_each(${JSON.stringify(texts)})`,
  isAudit: sql`is_audit = 1`,
  hasLateral: false,
};

export function postgresDialect(schema: string): Dialect {
  return {
    placeholder: (number) => `$${number}`,
    table: (name) => raw(`${schema}.${name}`),
    searchedFacts: sql`${raw(schema)}.node_fact AS node_fact`,
    factsByState: sql`${raw(schema)}.node_fact AS node_fact`,
    sortedBy: (column) => sql`greatest(${column})`,
    position: (column, text) => sql`strpos(${column}, ${text})`,
    // Joined as such, it may be read as a whole.
    joinOne: (table, name, condition) => sql`LEFT JOIN LATERAL (
      SELECT * FROM ${raw(`${schema}.${table}`)} AS ${raw(name)} WHERE ${condition} LIMIT 1
    ) AS ${raw(name)} ON true`,
    elements: (texts) => sql`SELECT json_array_elements_text(${JSON.stringify(texts)}::json)`,
    isAudit: sql`is_audit`,
    hasLateral: true,
  };
}
