/** A table that is written piece by piece: each column is as wide as its widest cell so far. */
export interface Table {
  /** These rows, one line each. */
  format: (rows: readonly (readonly string[])[]) => string;
}

/** The headings come before the first rows. */
export function createTable(headings: readonly string[]): Table {
  const widths = headings.map(() => 0);
  let hasHeadings = false;
  return {
    format: (rows) => {
      const lines = hasHeadings ? rows : [headings, ...rows];
      hasHeadings = true;
      for (const cells of lines) cells.forEach((cell, column) => widen(widths, column, cell.length));
      const format = (cells: readonly string[]): string =>
        `${cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`;
      return lines.map(format).join('');
    },
  };
}

/** Columns padded to their widest cell, one line a row. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return createTable(headings).format(rows);
}

function widen(widths: number[], column: number, width: number): void {
  widths[column] = Math.max(widths[column] ?? 0, width);
}
