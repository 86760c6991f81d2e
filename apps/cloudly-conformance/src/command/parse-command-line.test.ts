import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contract } from '../rules/contract.js';
import { JOIN_TOKEN_USES } from '../run/join-token-uses.js';
import { parseCommandLine, usage } from './parse-command-line.js';
import { describeProvision, type Provision, provisions } from '../rule/provisions.js';

const URL = 'https://cloudly.example';

describe('the command line', () => {
  test('needs only a URL and a join token', () => {
    expect(parseCommandLine([URL, '--join-token', 'bjt_1'])).toEqual({
      kind: 'run',
      json: false,
      options: {
        url: URL,
        joinToken: 'bjt_1',
        timeoutMs: 10_000,
        sections: contract,
        tokens: {},
        operator: {},
        slow: false,
      },
    });
  });

  test('accepts tokens, operator commands, and the rest', () => {
    const tokens = ['--join-token=a', '--expired-join-token', 'b'];
    const rest = ['--slow', '--json', '--timeout', '3', '--only', 'register'];
    const line = parseCommandLine([...tokens, URL, '--approve', 'cmd {nodeId}', ...rest]);
    expect(line).toMatchObject({
      kind: 'run',
      json: true,
      options: {
        joinToken: 'a',
        timeoutMs: 3000,
        sections: [{ title: 'Register' }],
        tokens: { expiredJoinToken: 'b' },
        operator: { approve: expect.any(Function) },
        slow: true,
      },
    });
  });

  test.each(['awk \'{print}\' "${A}"', "curl -d '{}' a/{nodeId}", 'approve-all', "jq '{id}'"])(
    'leaves a shell’s own braces alone: %s',
    (command) => {
      expect(parseCommandLine([URL, '--join-token', 'x', '--approve', command]).kind).toBe('run');
    },
  );

  test.each([[['--help']], [['-h', '--join-token', 'x']]])('%j asks for help', (argv) => {
    expect(parseCommandLine(argv)).toEqual({ kind: 'help' });
  });

  test.each([
    [[], 'The URL of Cloudly is missing'],
    [[URL], '--join-token is missing'],
    [[URL, '--join-token'], "Option '--join-token <value>' argument missing"],
    [[URL, '--join-token', ''], '--join-token needs a value'],
    [[URL, '--join-token', 'two words'], '--join-token must be visible ASCII characters'],
    [[URL, '--join-token', 'x', '--used-join-token', 'zwölf'], '--used-join-token must be visible ASCII characters'],
    [[URL, '--join-token', 'x', '--join-token', 'y'], '--join-token is given twice'],
    [[URL, 'more', '--join-token', 'x'], 'Unexpected argument "more"'],
    [[URL, '--join-token', 'x', '--approve', ''], '--approve needs a value'],
    [[URL, '--join-token', 'x', '--aprove', 'cmd'], "Unknown option '--aprove'"],
    [[URL, '--join-token', 'x', '--approve', 'cmd {nodeID}'], '--approve: {nodeID} must be written {nodeId}.'],
    [[URL, '--join-token', 'x', '--rebind', 'cmd {nodeId} {approval-code}'], 'must be written {approvalCode}.'],
    [[URL, '--join-token', 'x', '--revoke', 'cmd {bootId}'], '--revoke has no {bootId}, only {nodeId}.'],
    [[URL, '--join-token', 'x', '--back-up', 'cmd {nodeId}'], '--back-up has no {nodeId}.'],
    [[URL, '--join-token', 'x', '--timeout', '0'], '--timeout must be a whole number from 1 to 600, but is "0"'],
    [[URL, '--join-token', 'x', '--only', 'nonsense'], 'no rule and no section has "nonsense" in its name'],
    [[URL, '--join-token', 'x', '--only', 'N-4'], 'no rule of the kit tries N-4'],
    [['cloudly.example', '--join-token', 'x'], 'The URL must start with https:// or http://'],
    [['https://cloudly.example:99999', '--join-token', 'x'], 'an invalid host or port'],
    [['http://cloudly example', '--join-token', 'x'], 'an invalid host or port'],
    [['https://cloudly.example:0', '--join-token', 'x'], 'port 0'],
    [['http:cloudly.example', '--join-token', 'x'], 'does not begin with https://'],
    [['https://user@cloudly.example', '--join-token', 'x'], 'without user name, query and fragment'],
  ])('%j is rejected by name', (argv, message) => {
    expect(parseCommandLine(argv)).toMatchObject({ kind: 'mistake', message: expect.stringContaining(message) });
  });

  test.each(Object.keys(provisions) as Provision[])('has %s in its help and in the README', (name) => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    for (const text of [usage, readme]) {
      expect(text).toContain(describeProvision(name));
      expect(text).toContain(provisions[name].about);
    }
    expect(readme).toContain(`needs ${JOIN_TOKEN_USES} uses`);
  });
});
