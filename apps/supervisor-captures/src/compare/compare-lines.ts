import { shapeOfLine } from './shape-of-line.js';

/**
 * How the lines of a stream differ from the recorded ones. A stream that was recorded whole has lines of the same
 * shapes; of one that was cut, each shape that was seen has to come.
 */
export function compareLines(recorded: string, given: string, { isCut }: { isCut: boolean }): string[] {
  const expected = shapesOf(recorded, isCut);
  const got = shapesOf(given, false);
  const missing = expected.filter((shape) => !got.includes(shape));
  const surplus = isCut ? [] : got.filter((shape) => !expected.includes(shape));
  if (missing.length + surplus.length === 0) return [];
  return [`the lines: expected ${list(expected)}, got ${list(got)}`];
}

function shapesOf(text: string, isCut: boolean): string[] {
  const lines = text.split(/\r?\n/);
  // What follows the last line break is nothing, or a line that was cut off.
  const rest = lines.pop() ?? '';
  const whole = isCut || rest === '' ? lines : [...lines, rest];
  // A message of several lines continues with indented ones.
  return [...new Set(whole.filter((line) => line !== '' && !/^ {8,}/.test(line)).map(shapeOfLine))].toSorted();
}

function list(shapes: readonly string[]): string {
  return shapes.length === 0 ? 'none' : shapes.map((shape) => `"${shape}"`).join(', ');
}
