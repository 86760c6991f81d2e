import { raw, type Sql, sql } from './sql.js';

/** Where the two databases differ in what lists need. */
export interface Dialect {
  placeholder(this: void, number: number): string;
  table(this: void, name: string): Sql;
  /**
   * The rows of `node_fact`, to be read as they lie, one after the other: a search reads most of them anyway, and in the order of
   * an index that takes up to ten times as long. Where few rows match, databases choose that again and again.
   */
  scannedFacts: Sql;
  /** Where a text begins in a column, from 1, in binary; 0 if it is not in it. */
  position(this: void, column: Sql, text: string): Sql;
  /** Whether an event is one for the audit, as its index has it. */
  isAudit: Sql;
}

export const sqliteDialect: Dialect = {
  placeholder: () => '?',
  table: raw,
  scannedFacts: sql`node_fact NOT INDEXED`,
  position: (column, text) => sql`instr(${column}, ${text})`,
  isAudit: sql`is_audit = 1`,
};

export function postgresDialect(schema: string): Dialect {
  return {
    placeholder: (number) => `$${number}`,
    table: (name) => raw(`${schema}.${name}`),
    // The planner looks at no condition from outside of a subquery with OFFSET.
    scannedFacts: sql`(SELECT * FROM ${raw(schema)}.node_fact OFFSET 0) AS node_fact`,
    position: (column, text) => sql`strpos(${column}, ${text})`,
    isAudit: sql`is_audit`,
  };
}
