import { operatorsOf, selectorFields } from '@serve.zone/baseos-cloudly-handlers';
import { wrapIndented } from '@serve.zone/baseos-command-line';

/** What a selector consists of, for the help of the commands that take one. */
export function describeSelectors(): string {
  const examples = Object.values(selectorFields).map(({ example }) => example.length);
  const indent = Math.max(...examples) + 4;
  const lines = Object.values(selectorFields).map(({ example, what, values }) => {
    const described = values ? `${what}: ${values.join(', ')}` : what;
    return `  ${example.padEnd(indent - 2)}${wrapIndented(described, indent).slice(indent)}`;
  });
  return `\nSELECTORS\n\n${lines.join('')}\n${wrapIndented(rules, 2)}`;
}

const rules =
  'A node must match all terms. Further words are searched in names, IDs, types and labels. "-" before a term means its opposite; ' +
  `a comma separates values of which one must match. Texts have the operators ${operatorsOf.text.join(' ')}, versions also ` +
  '< <= > >=. Quote a selector, or at least < and >, for your shell.';
