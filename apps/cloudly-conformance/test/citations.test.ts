import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contract, contractWith } from '../src/rules/contract.js';
import { protocolRules, protocolText } from './protocol-rules.js';

const citedNumbers = new Set<string>(contract.flatMap(({ rules }) => rules.flatMap(({ cites }) => cites)));

function isOfNode(number: string): boolean {
  return number.startsWith('N-');
}

function reasonOf(text: string): string | undefined {
  return /_Untried: (?<reason>.+)\._$/.exec(text)?.groups?.['reason'];
}

describe('the rules of PROTOCOL.md that bind a Cloudly', () => {
  const rules = protocolRules.filter(({ number }) => !isOfNode(number));

  test('exist', () => {
    expect(rules.length).toBeGreaterThan(100);
  });

  test('are all tried, except those that say why they are not', () => {
    const untold = rules.filter(({ number, text }) => !citedNumbers.has(number) && reasonOf(text) === undefined);
    expect(untold).toEqual([]);
  });

  test('do not say that they are untried where a test exists', () => {
    expect(rules.filter(({ number, text }) => citedNumbers.has(number) && text.includes('Untried'))).toEqual([]);
  });
});

test('no rule of the kit cites a number that PROTOCOL.md does not have, or a rule for nodes', () => {
  const numbers = new Set(protocolRules.map(({ number }) => number));
  expect([...citedNumbers].filter((number) => !numbers.has(number) || isOfNode(number))).toEqual([]);
});

test.each([...citedNumbers])('--only %s tries each rule that cites it, and no other', (number) => {
  const tried = contractWith(number).flatMap(({ rules }) => rules);
  const citing = contract.flatMap(({ rules }) => rules).filter(({ cites }) => cites.some((cited) => cited === number));
  expect(tried).toEqual(citing);
  expect(contractWith(number.toLowerCase())).toEqual(contractWith(number));
});

test('each part of the rules for nodes names tests that exist', () => {
  const [, nodeText = ''] = protocolText.split('\n## The node\n');
  const parts = nodeText.split(/\n(?=\*\*[A-Z])/).slice(1);
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts) {
    const [, heldBy = ''] = part.split('\nHeld by ');
    const paths = [...heldBy.matchAll(/`(?<path>[^`]+)`/g)].map((found) => found.groups?.['path'] ?? '');
    expect(paths).not.toEqual([]);
    expect(paths.filter((path) => !existsSync(new URL(`../../../${path}`, import.meta.url)))).toEqual([]);
  }
});
