import { raw, type Sql, sql } from './sql.js';

/** Where the two databases differ in what lists need. */
export interface Dialect {
  placeholder(this: void, number: number): string;
  table(this: void, name: string): Sql;
  /** Whether a column contains this text, in binary. */
  contains(this: void, column: Sql, text: string): Sql;
  /** The labels of a node as JSON; `null` or empty if it has none. */
  labels(this: void, nodeId: Sql): Sql;
  /** Whether an event is one for the audit, as its index has it. */
  isAudit: Sql;
}

export const sqliteDialect: Dialect = {
  placeholder: () => '?',
  table: raw,
  contains: (column, text) => sql`instr(${column}, ${text}) > 0`,
  labels: (nodeId) => sql`(SELECT json_group_object(key, value) FROM node_label WHERE node_label.node_id = ${nodeId})`,
  isAudit: sql`is_audit = 1`,
};

export function postgresDialect(schema: string): Dialect {
  return {
    placeholder: (number) => `$${number}`,
    table: (name) => raw(`${schema}.${name}`),
    contains: (column, text) => sql`strpos(${column}, ${text}) > 0`,
    labels: (nodeId) =>
      sql`(SELECT json_object_agg(key, value)::text FROM ${raw(schema)}.node_label WHERE node_label.node_id = ${nodeId})`,
    isAudit: sql`is_audit`,
  };
}
