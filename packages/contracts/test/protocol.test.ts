import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { limits, problems, PROTOCOL_VERSION } from '../src/index.js';

const text = readFileSync(new URL('../PROTOCOL.md', import.meta.url), 'utf8');

/** The text of each rule, by its number. */
const ruleTexts = Object.fromEntries(
  [...text.matchAll(/^- \*\*([A-Z]-\d+)\*\* ([^]*?)(?=\n- \*\*|\n#|\n\nHeld)/gm)].map(([, number = '', rule = '']) => [
    number,
    rule.replaceAll(/\s+/g, ' '),
  ]),
);
const numbers = [...text.matchAll(/^- \*\*([A-Z]-\d+)\*\*/gm)].map(([, number]) => number ?? '');

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

describe('PROTOCOL.md', () => {
  test('numbers the rules of each letter from 1', () => {
    const letters = [...new Set(numbers.map((number) => number.slice(0, 1)))];
    const expected = letters.flatMap((letter) => {
      const { length } = numbers.filter((number) => number.startsWith(letter));
      return Array.from({ length }, (_, index) => `${letter}-${index + 1}`);
    });
    expect(numbers).toEqual(expected);
    expect(Object.keys(ruleTexts)).toEqual(numbers);
  });

  test('refers only to rules that exist', () => {
    const named = [...text.matchAll(/\b[A-Z]-\d+\b/g)].map(([number]) => number);
    expect(named.filter((name) => !numbers.includes(name))).toEqual([]);
  });

  test('describes the version that the code implements', () => {
    expect(text).toMatch(new RegExp(`^# The protocol between a node and Cloudly, version ${PROTOCOL_VERSION}\n`));
    expect(ruleTexts['A-3']).toContain(`\`protocol: ${PROTOCOL_VERSION}\``);
  });

  test.each([
    ['F-7', grouped(limits.bodyMaxBytes)],
    ['J-2', `depth of ${limits.bodyMaxDepth}`],
    ['J-5', grouped(limits.stringMaxLength)],
    ['J-9', grouped(limits.statusMaxBytes)],
    ['J-13', `first ${limits.commandResultsMax} `],
    ['A-6', grouped(limits.bodyMaxBytes)],
    ['A-6', `${limits.bodyMaxDepth} deep`],
    ['K-3', `1 to ${limits.tokenMaxLength} characters`],
    ['H-9', `1 to ${limits.statusHashMaxLength} characters`],
    ['D-4', `${limits.commandExpiresMaxMs / 86_400_000} days`],
    ['D-5', `${limits.commandsMax} commands`],
    ['L-1', `from ${grouped(limits.wakeWaitMinMs)} to ${grouped(limits.wakeWaitMaxMs)}`],
    ['W-1', `from ${grouped(limits.heartbeatIntervalMinMs)} to ${grouped(limits.heartbeatIntervalMaxMs)}`],
    ['N-27', `first ${limits.commandsMax} commands`],
  ])('states in %s what the code implements: %s', (number, words) => {
    expect(ruleTexts[number]).toContain(words);
  });

  test('says when each problem in the table is answered', () => {
    const unnamed = Object.keys(problems).filter((code) => !text.includes(`\`${code}\``));
    expect(unnamed).toEqual([]);
  });

  test('gives each problem the status in the table', () => {
    const told = [...text.matchAll(/\b(4\d\d|5\d\d)\s+`([a-z-]+)`/g)].map(([, status, code]) => `${status} ${code}`);
    const codes = new Set(Object.entries(problems).map(([code, { status }]) => `${status} ${code}`));
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((one) => !codes.has(one))).toEqual([]);
  });

  test('links only to sections and files that exist', () => {
    const headings = new Set(
      [...text.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-')),
    );
    const anchors = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(anchors.filter((anchor) => !headings.has(anchor))).toEqual([]);
    const files = [...text.matchAll(/\]\((?!https:)([^#)]+)\)/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([]);
  });
});
