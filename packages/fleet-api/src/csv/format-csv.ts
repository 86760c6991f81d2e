export type CsvValue = string | number | boolean | undefined;

/** A record of a CSV file (RFC 4180), with a line feed at its end. A spreadsheet takes none of its cells for a formula. */
export function formatCsvRecord(cells: readonly CsvValue[]): string {
  return `${cells.map(formatCell).join(',')}\n`;
}

function formatCell(value: CsvValue): string {
  const text = guardFormula(String(value ?? ''));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets take such a cell for a formula, and a quote at its beginning for text (OWASP: CSV injection). */
const formula = /^[=+\-@\t\r]/;

function guardFormula(text: string): string {
  return formula.test(text) || guarded.test(text) ? `'${text}` : text;
}

/** A cell that begins with the quote itself gets another one, so that reading it gives it back. */
const guarded = /^'+[=+\-@\t\r]/;

/** The text of a cell that may have been guarded. */
export function withoutGuard(cell: string): string {
  return guarded.test(cell) ? cell.slice(1) : cell;
}
