import type { Queries } from './database.js';
import type { Statement } from './statement.js';

/**
 * Runs a statement that takes many rows by `unnest`: one array for each column, in the order of the rows' members. Without rows
 * it does nothing.
 */
export async function saveRows<Row>({ query }: Queries, statement: Statement, rows: readonly object[]): Promise<Row[]> {
  const rowValues = rows.map((row) => Object.values(row) as unknown[]);
  const columns = rowValues[0]?.map((_, index) => rowValues.map((values) => values[index]));
  return columns ? query<Row>(statement, columns) : [];
}
