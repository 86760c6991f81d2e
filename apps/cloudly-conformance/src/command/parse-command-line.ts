import { parseArgs, type ParseArgsOptionDescriptor } from 'node:util';
import { type OneCommandLine, readOneCommand, readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import { misleadingUrl } from '@serve.zone/baseos-contracts';
import { operatorCommand } from './operator-command.js';
import { contractWith, isRuleNumber } from '../rules/contract.js';
import { JOIN_TOKEN_USES } from '../run/join-token-uses.js';
import { describeProvision, type Provision, provisions } from '../rule/provisions.js';
import type { Section } from '../rule/rule.js';
import type { Given } from '../rule/rule-context.js';
import type { ConformanceOptions } from '../run/run-conformance.js';

export interface Asked {
  options: ConformanceOptions;
  /** Whether to print the results as one JSON object. */
  json: boolean;
}

const provisionNames = Object.keys(provisions) as Provision[];

/** Options with their descriptions, in two columns. */
function columns(rows: readonly (readonly [option: string, about: string])[]): string {
  const width = Math.max(...rows.map(([option]) => option.length)) + 2;
  return rows.map(([option, about]) => `  ${option.padEnd(width)}${about}`).join('\n');
}

export const usage = `Acts as a node towards a Cloudly, and reports which rules of the protocol it follows.

  npm run -s conformance -- <url> --join-token <token> [options]

${columns([
  ['<url>', "Cloudly's base URL, as in BASEOS_CLOUDLY_URL"],
  ['--join-token <token>', `admits ${JOIN_TOKEN_USES} new nodes without approval; they remain in the fleet`],
  ['--timeout <seconds>', 'for one request and its answer, 1 to 600 (10)'],
  ['--only <text>', 'only rules with this number (R-3), or with this text in their name or section'],
  ['--json', 'print the results as one JSON object'],
])}

Some rules need more than a node. They are tried if you give the token or command for them; commands run in a shell.

${columns(provisionNames.map((name) => [describeProvision(name), provisions[name].about] as const))}

Exit codes: 0 nothing fails; 1 something fails; 2 usage, or nothing failed but the kit gave up, or a given token or command
did not work.
`;

export function parseCommandLine(argv: readonly string[]): OneCommandLine<Asked> {
  return readOneCommand(() => {
    const { values, positionals, tokens } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      tokens: true,
    });
    const flags = tokens.flatMap((given) => (given.kind === 'option' ? given.name : []));
    const twice = flags.find((flag, index) => flags.indexOf(flag) !== index);
    if (twice !== undefined) throw new UsageError(`--${twice} is given twice.`);
    if (values['help'] === true) return undefined;
    const [url, extra] = positionals;
    if (url === undefined) throw new UsageError('The URL of Cloudly is missing.');
    if (extra !== undefined) throw new UsageError(`Unexpected argument "${extra}".`);
    const joinToken = text(values, 'join-token');
    if (joinToken === undefined) throw new UsageError('--join-token is missing.');
    const timeoutSeconds = readWholeNumber('--timeout', text(values, 'timeout') ?? '10', { min: 1, max: 600 });
    return {
      json: values['json'] === true,
      options: {
        url: cloudlyUrl(url),
        joinToken: token('--join-token', joinToken),
        timeoutMs: timeoutSeconds * 1000,
        sections: sections(text(values, 'only')),
        ...givenBy(values),
      },
    };
  });
}

type Values = Readonly<Record<string, unknown>>;

const options: Record<string, ParseArgsOptionDescriptor> = {
  'join-token': { type: 'string' },
  timeout: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  ...Object.fromEntries(
    Object.values(provisions).map(({ flag, kind }) => [flag, { type: kind === 'switch' ? 'boolean' : 'string' }]),
  ),
};

function givenBy(values: Values): Required<Omit<Given, 'joinToken'>> {
  const given: Required<Omit<Given, 'joinToken'>> = { tokens: {}, operator: {}, slow: values['slow'] === true };
  for (const [name, { flag, kind }] of Object.entries(provisions)) {
    const value = text(values, flag);
    if (value === undefined || kind === 'switch') continue;
    if (kind === 'token') Object.assign(given.tokens, { [name]: token(`--${flag}`, value) });
    else Object.assign(given.operator, { [name]: operatorCommand(withKnownPlaces(name as Provision, value)) });
  }
  return given;
}

/** A shell has braces of its own, so a place is a typo only if it is nearly a known one, or one of another option. */
function withKnownPlaces(name: Provision, commandLine: string): string {
  const { flag, hint } = provisions[name];
  const own = placesIn(hint);
  for (const place of placesIn(commandLine)) {
    const meant = allPlaces.find((known) => plainly(known) === plainly(place));
    if (meant === undefined || own.includes(place)) continue;
    throw new UsageError(
      own.includes(meant)
        ? `--${flag}: ${place} must be written ${meant}.`
        : `--${flag} has no ${meant}${own.length > 0 ? `, only ${own.join(' and ')}` : ''}.`,
    );
  }
  return commandLine;
}

function placesIn(commandLine: string): string[] {
  return commandLine.match(/\{[\w-]+\}/g) ?? [];
}

const allPlaces = provisionNames.flatMap((name) => placesIn(provisions[name].hint));

function plainly(place: string): string {
  return place.replaceAll(/[_-]/g, '').toLowerCase();
}

function sections(only: string | undefined): readonly Section[] {
  const found = contractWith(only?.trim() ?? '');
  if (found.length > 0) return found;
  throw new UsageError(
    isRuleNumber(only ?? '')
      ? `--only: no rule of the kit tries ${only}. PROTOCOL.md lists the numbers, and says why a rule is not tried.`
      : `--only: no rule and no section has "${only}" in its name.`,
  );
}

function text(values: Values, flag: string): string | undefined {
  const value = values[flag];
  if (value === '') throw new UsageError(`--${flag} needs a value.`);
  return typeof value === 'string' ? value : undefined;
}

function token(flag: string, value: string): string {
  if (/^[\u0021-\u007e]+$/.test(value)) return value;
  throw new UsageError(`${flag} must be visible ASCII characters without spaces.`);
}

function cloudlyUrl(value: string): string {
  const url = URL.parse(value);
  if (!url && /^https?:\/\//i.test(value)) throw new UsageError('The URL has an invalid host or port.');
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  const problem = misleadingUrl(value);
  if (isPlain && problem !== undefined) throw new UsageError(`The URL is misleading: it ${problem}.`);
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return value;
  throw new UsageError('The URL must start with https:// or http://, without user name, query and fragment.');
}
