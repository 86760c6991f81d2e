import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { variables, type Variable } from '@serve.zone/baseos-runner-core';
import { expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

function row({ name, description, expected, default: byDefault }: Variable) {
  return `| \`${name}\` | ${description} | ${expected} | ${byDefault ?? '-'} |`;
}

test('the table of variables in the documentation is the one of the code', () => {
  const page = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
  const table = page.split('<!-- variables -->')[1]?.split('<!-- /variables -->')[0]?.trim().split('\n');
  expect(table?.slice(2).map((line) => line.replaceAll(/ +/g, ' '))).toEqual(variables.map(row));
});
