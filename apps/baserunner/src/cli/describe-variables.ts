import { wrapIndented } from '@serve.zone/baseos-command-line';
import { type Variable, variables } from '@serve.zone/baseos-runner-core';

/** The variables of the environment, as `baserunner help start` shows them. */
export function describeVariables(): string {
  return `\nENVIRONMENT\n\n${variables.map(describeVariable).join('\n')}`;
}

function describeVariable({ name, description, expected, default: preset, secret }: Variable): string {
  const lines = [`${description}.`, `Expected: ${expected}.`];
  if (preset !== undefined) lines.push(`Default: ${preset}.`);
  if (secret) lines.push(`A secret: it may also come from a file, by ${name}_FILE.`);
  return `  ${name}\n${lines.map((line) => wrapIndented(line, 6)).join('')}`;
}
