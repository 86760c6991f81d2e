import { escapeControls } from '@serve.zone/baseos-command-line';
import { COLUMN_GAP, fitWidths } from './fit-widths.js';
import { textWidth, truncateEnd, truncateMiddle } from './truncate.js';

export interface TableColumn {
  heading: string;
  /** Longer cells are shortened where the line is too short, down to this width. @default they never are */
  min?: number | undefined;
  /** They lose their end instead of their middle. */
  isSentence?: boolean | undefined;
}

/** A table that is written piece by piece. */
export interface Table {
  /** These rows, one line each. Control characters in a cell cannot reach the terminal. */
  format: (rows: readonly (readonly string[])[]) => string;
}

/**
 * The headings come before the first rows. In a line of `width`, these also decide how wide each column is; without a
 * width, each is as wide as its widest cell so far.
 */
export function createTable(columns: readonly TableColumn[], width: number | undefined): Table {
  const naturals = columns.map(({ heading }) => textWidth(heading));
  let widths: readonly number[] | undefined;
  return {
    format: (rows) => {
      const texts = rows.map((cells) => cells.map(escapeControls));
      const headings = columns.map(({ heading }) => heading);
      const lines = widths === undefined ? [headings, ...texts] : texts;
      if (widths === undefined || width === undefined) {
        for (const cells of lines) cells.forEach((cell, column) => widen(naturals, column, textWidth(cell)));
        widths = width === undefined ? naturals : fitWidths(columns.map(widthOf(naturals)), width);
      }
      return lines.map((cells) => formatLine(cells, columns, widths ?? [])).join('');
    },
  };
}

/** A heading is not shortened, only what stands below it. */
function widthOf(
  naturals: readonly number[],
): (column: TableColumn, index: number) => { natural: number; min: number } {
  return ({ heading, min }, index) => {
    const natural = naturals[index] ?? 0;
    return { natural, min: min === undefined ? natural : Math.max(min, textWidth(heading)) };
  };
}

function formatLine(cells: readonly string[], columns: readonly TableColumn[], widths: readonly number[]): string {
  const fitted = cells.map((cell, column) => {
    const width = widths[column] ?? 0;
    const text = columns[column]?.isSentence ? truncateEnd(cell, width) : truncateMiddle(cell, width);
    return text + ' '.repeat(width - textWidth(text) + COLUMN_GAP);
  });
  return `${fitted.join('').trimEnd()}\n`;
}

function widen(widths: number[], column: number, width: number): void {
  widths[column] = Math.max(widths[column] ?? 0, width);
}
