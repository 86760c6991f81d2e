const PREFIX = 'label.';

/** The column of a CSV file that has the values of a label. */
export function labelColumn(key: string): string {
  return `${PREFIX}${key}`;
}

/** The label whose values a column has; `undefined` for another column. */
export function labelOfColumn(column: string): string | undefined {
  return column.startsWith(PREFIX) ? column.slice(PREFIX.length) : undefined;
}
