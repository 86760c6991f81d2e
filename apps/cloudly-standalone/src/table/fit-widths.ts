export interface ColumnWidth {
  /** Of its widest cell. */
  natural: number;
  /** It is not made narrower than this. @default its natural width */
  min?: number | undefined;
}

/** What stands between two columns. */
export const COLUMN_GAP = 2;

/**
 * The widths of columns in a line of `width`: the widest ones give first, in proportion to what they may give. If all have
 * given what they may, the line is longer.
 */
export function fitWidths(columns: readonly ColumnWidth[], width: number): number[] {
  const widths = columns.map(({ natural }) => natural);
  const gives = columns.map(({ natural, min = natural }) => Math.max(0, natural - min));
  let excess = sum(widths) + COLUMN_GAP * Math.max(0, columns.length - 1) - width;
  for (; excess > 0; excess -= 1) {
    const most = Math.max(...gives);
    if (most <= 0) return widths;
    const index = gives.lastIndexOf(most);
    gives[index] = most - 1;
    widths[index] = (widths[index] ?? 0) - 1;
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
