/** A record of a CSV file. */
export interface CsvRecord {
  /** Where it begins, from 1. */
  line: number;
  cells: string[];
}

/** A file that is no CSV; the message names the line. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
}

/**
 * The records of a CSV file (RFC 4180): separated by commas, with line ends of any kind, and with or without a byte order
 * mark, as spreadsheets write them. Empty lines are left out.
 *
 * @throws CsvError
 */
export function parseCsv(text: string): CsvRecord[] {
  const input = text.replace(/^\uFEFF/, '');
  const records: CsvRecord[] = [];
  let line = 1;
  for (let position = 0; position < input.length; line += 1) {
    const record: CsvRecord = { line, cells: [] };
    let separator = ',';
    while (separator === ',') {
      const cell = readCell(input, position, line);
      record.cells.push(cell.text);
      line += countLineEnds(cell.text);
      separator = matchAt(separators, input, cell.end);
      position = cell.end + separator.length;
    }
    if (record.cells.length > 1 || record.cells[0] !== '') records.push(record);
  }
  return records;
}

/** A cell, and where the separator after it begins. */
function readCell(input: string, start: number, line: number): { text: string; end: number } {
  if (input[start] !== '"') {
    const text = matchAt(plainText, input, start);
    const end = start + text.length;
    if (input[end] !== '"') return { text, end };
    throw new CsvError(`Line ${line} has a quotation mark in a cell that does not begin with one`);
  }
  let end = input.indexOf('"', start + 1);
  while (end !== -1 && input[end + 1] === '"') end = input.indexOf('"', end + 2);
  if (end === -1) throw new CsvError(`The cell that begins in line ${line} has no quotation mark at its end`);
  if (!/^[,\r\n]?$/.test(input[end + 1] ?? '')) {
    throw new CsvError(`Line ${line} has text after the quotation mark at the end of a cell`);
  }
  return { text: input.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
}

const plainText = /[^,"\r\n]*/y;

const separators = /,|\r\n|\n|\r|$/y;

function matchAt(pattern: RegExp, input: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(input)?.[0] ?? '';
}

function countLineEnds(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0;
}
