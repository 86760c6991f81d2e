import { labelKeyMistake, labelValueMistake } from '@serve.zone/baseos-cloudly-handlers';
import { nearestName } from '@serve.zone/baseos-command-line/nearest-name';
import { withoutGuard } from '@serve.zone/baseos-fleet-api';
import { CsvError, type CsvRecord, parseCsv } from '../csv/parse-csv.js';
import { labelColumn, labelOfColumn } from './label-column.js';

/** What a line of a file says about a node. */
export interface LabelLine {
  line: number;
  /** However the node is called. */
  node: string;
  /** Of each label that the file is about; none for an empty cell. */
  values: Readonly<Record<string, string>>;
}

export interface LabelFile {
  lines: LabelLine[];
  /** What is wrong with which line. If there is anything, nothing of the file counts. */
  mistakes: string[];
}

const NODE = 'node';
/** Says to people which node it is. */
const NAME = 'name';

/** Reads a CSV file with a column `node`, and one `label.<key>` for each label. */
export function readLabelFile(text: string): LabelFile {
  let records: CsvRecord[];
  try {
    records = parseCsv(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { lines: [], mistakes: [`${error.message}.`] };
  }
  const [head, ...rest] = records;
  if (!head)
    return {
      lines: [],
      mistakes: [`The file is empty. Its first line names its columns: ${NODE}, and label.<key> for each label.`],
    };
  const columns = head.cells.map((cell) => cell.trim());
  const mistakes = headMistakes(columns).map((mistake) => `Line ${head.line}: ${mistake}`);
  if (mistakes.length > 0) return { lines: [], mistakes };
  const read = rest.map((record) => readLine(record, columns));
  return { lines: read.map(({ line }) => line), mistakes: read.flatMap((each) => each.mistakes) };
}

function headMistakes(columns: readonly string[]): string[] {
  const mistakes = columns.flatMap((column, index) => {
    if (columns.indexOf(column) !== index) return [`There are two columns "${column}".`];
    const key = labelOfColumn(column);
    if (key === undefined) return column === NODE || column === NAME ? [] : [unknownColumn(column)];
    const mistake = labelKeyMistake(key);
    return mistake === undefined ? [] : [`"${column}" is no column of a label: ${mistake}.`];
  });
  if (!columns.includes(NODE)) mistakes.push(`There is no column "${NODE}", which says what each line is about.`);
  const isAboutLabels = columns.some((column) => labelOfColumn(column) !== undefined);
  return isAboutLabels || mistakes.length > 0
    ? mistakes
    : ['There is no column label.<key>, so that nothing would change.'];
}

function unknownColumn(column: string): string {
  const known = [NODE, NAME, ...(/^label/i.test(column) ? [labelColumn(column.replace(/^label[^a-z\d]?/i, ''))] : [])];
  const nearest = nearestName(column, known);
  return `There is no column "${column}". ${nearest === undefined ? `Labels have columns such as ${labelColumn('site')}.` : `Did you mean "${nearest}"?`}`;
}

function readLine({ line, cells }: CsvRecord, columns: readonly string[]): { line: LabelLine; mistakes: string[] } {
  const mistakes: string[] = [];
  const values: Record<string, string> = {};
  let node = '';
  if (cells.length !== columns.length) {
    mistakes.push(`Line ${line} has ${cells.length} cells, and there are ${columns.length} columns.`);
  }
  columns.forEach((column, index) => {
    const text = withoutGuard(cells[index] ?? '').trim();
    if (column === NODE) node = text;
    const key = labelOfColumn(column);
    if (key === undefined) return;
    values[key] = text;
    const mistake = labelValueMistake(text);
    if (mistake !== undefined) mistakes.push(`Line ${line}: "${text}" cannot be the value of ${key}: ${mistake}.`);
  });
  if (node === '') mistakes.push(`Line ${line} names no node.`);
  return { line: { line, node, values }, mistakes };
}
