import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from './read-command-line.js';

describe('a command line that runs a command', () => {
  it.each([
    [[], 'start', []],
    [['start'], 'start', []],
    [['status'], 'status', []],
    [['check-supervisor'], 'check-supervisor', []],
    [['request-update'], 'request-update', []],
    [['request-update', '--force'], 'request-update', ['--force']],
    [['--force', 'request-update'], 'request-update', ['--force']],
    [['--', 'status'], 'status', []],
  ])('%j runs %s', (argv, command, flags) => {
    expect(readCommandLine(argv)).toEqual({ kind: 'run', command, flags });
  });
});

describe('a command line that asks for words', () => {
  it.each([
    [['--help'], undefined],
    [['-h'], undefined],
    [['help'], undefined],
    [['help', '--help'], undefined],
    [['help', 'status'], 'status'],
    [['status', '--help'], 'status'],
    [['-h', 'request-update', '--force'], 'request-update'],
  ])('%j gives help on %s', (argv, command) => {
    expect(readCommandLine(argv)).toEqual(command === undefined ? { kind: 'help' } : { kind: 'help', command });
  });

  it.each([[['--version']], [['-v']]])('%j gives the version', (argv) => {
    expect(readCommandLine(argv)).toEqual({ kind: 'version' });
  });
});

describe('a mistaken command line', () => {
  it.each([
    [['stauts'], 'Unknown command "stauts". Did you mean "status"?'],
    [['check'], 'Unknown command "check". Did you mean "check-supervisor"?'],
    [['update'], 'Unknown command "update".'],
    [['help', 'strat'], 'Unknown command "strat". Did you mean "start"?'],
    [[''], 'Unknown command "".'],
    [['toString'], 'Unknown command "toString".'],
    [['request-update', '--forse'], 'Unknown flag "--forse". Did you mean "--force"?'],
    [['request-update', '--force=no'], 'Unknown flag "--force=no". Did you mean "--force"?'],
    [['request-update', '--no-force'], 'Unknown flag "--no-force". Did you mean "--force"?'],
    [['--force'], 'Unknown flag "--force".'],
    [['status', '--jsno'], 'Unknown flag "--jsno".'],
    [['--verison'], 'Unknown flag "--verison". Did you mean "--version"?'],
    [['start', 'now'], 'Unexpected argument "now": start takes flags only.'],
    [['help', 'start', 'status'], 'Unexpected argument "status": help takes one command.'],
    [['a\u001b[2J\n'], 'Unknown command "a\\u001b[2J\\n".'],
  ])('%j runs nothing and is told', (argv, message) => {
    expect(readCommandLine(argv)).toEqual({ kind: 'mistake', message });
  });

  it('never runs, whatever is typed after a command', () => {
    const known = new Set(['--force', '--help', '-h', '--version', '-v', '--']);
    const typed = fc.string({ minLength: 1 }).filter((argument) => !known.has(argument));
    fc.assert(
      fc.property(
        fc.constantFrom('start', 'status', 'check-supervisor', 'request-update'),
        typed,
        (command, argument) => {
          expect(readCommandLine([command, argument]).kind).toBe('mistake');
        },
      ),
    );
  });
});
