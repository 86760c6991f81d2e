import type { CommandDef } from 'citty';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runCommandLine } from './run-command-line.js';
import { UsageError } from './usage-error.js';

/** The command that ran, with its arguments. */
type Ran = [command: string, args?: Record<string, unknown>];

const findFlags = {
  word: {
    type: 'positional',
    required: false,
    isRepeated: true,
    description: `What it is to be like. ${'More words mean less. '.repeat(9)}`,
  },
  'sort-them-by-what-somebody-says': { type: 'string', valueHint: 'key', description: 'In which order' },
  pages: { type: 'boolean', default: true, description: 'Write all at once' },
} as const;

function shop(ran: (...call: Ran) => void): CommandDef {
  return {
    meta: { name: 'shop', version: '1.2.3', description: 'Sells things' },
    default: 'open',
    subCommands: {
      open: { meta: { name: 'open', description: 'Open the shop' }, run: () => ran('open') },
      // Loaded when it is named, as a program does to start quickly.
      sell: async () => ({
        meta: { name: 'sell', description: 'Sell something' },
        args: {
          thing: { type: 'positional', required: true, description: 'What to sell' },
          price: { type: 'string', description: 'In cents' },
          gift: { type: 'boolean', alias: 'w', description: 'Wrap it' },
        },
        run: ({ args: { thing, price, gift } }) => {
          ran('sell', { thing, price, gift });
          return thing === 'nothing' ? 1 : undefined;
        },
      }),
      find: {
        meta: { name: 'find', description: 'Find things' },
        args: findFlags,
        run: ({ args }) => ran('find', args),
      },
      till: {
        meta: { name: 'till', description: 'The money' },
        subCommands: {
          count: { meta: { name: 'count', description: 'Count it' }, run: ({ data }) => ran('count', data) },
          refuse: {
            run: () => {
              throw new UsageError('--coins must be round.');
            },
          },
          fail: {
            run: () => {
              throw new RangeError('The till is empty.');
            },
          },
        },
      },
    },
  };
}

function run(...argv: string[]) {
  return runWith({}, ...argv);
}

async function runWith(options: { columns?: number }, ...argv: string[]) {
  const ran: Ran[] = [];
  const written = { stdout: '', stderr: '' };
  const exitCode = await runCommandLine(
    shop((...call) => void ran.push(call)),
    argv,
    {
      program: 'npx shop',
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
      data: { coins: 3 },
      ...options,
      moreHelp: ([name]) => (name === 'open' ? 'At nine.\n' : ''),
      reportError: (error) => {
        written.stderr += `reported: ${String(error)}`;
        return 1;
      },
    },
  );
  return { exitCode, ran, ...written };
}

describe('a command line that runs a command', () => {
  test.each<[string[], ...Ran]>([
    [[], 'open'],
    [['open'], 'open'],
    [['--', 'open'], 'open'],
    [['sell', 'tea'], 'sell', { thing: 'tea' }],
    [['sell', 'tea', '--gift', '--price', '3'], 'sell', { thing: 'tea', gift: true, price: '3' }],
    [['sell', 'tea', '-w'], 'sell', { thing: 'tea', gift: true }],
    [['sell', '--price=-3', 'tea'], 'sell', { thing: 'tea', price: '-3' }],
    [['--gift', 'sell', 'tea'], 'sell', { thing: 'tea', gift: true }],
    [['sell', '--', '--gift'], 'sell', { thing: '--gift' }],
    [['till', 'count'], 'count', { coins: 3 }],
  ])('%j runs %s with %j', async (argv, ...call) => {
    expect(await run(...argv)).toEqual({ exitCode: 0, ran: [call], stdout: '', stderr: '' });
  });

  test.each([
    [['find'], [], true],
    [['find', 'tea', '-label.old', '--sort-them-by-what-somebody-says', '-price'], ['tea', '-label.old'], true],
    [['find', '--no-pages', '--', '--tea', '-'], ['--tea', '-'], false],
  ])('%j has all words of a command that takes several', async (argv, words, pages) => {
    const { exitCode, ran } = await run(...argv);
    expect([exitCode, ran]).toMatchObject([0, [['find', { _: words, pages }]]]);
  });

  test('ends with the exit code that the command gives', async () => {
    expect(await run('sell', 'nothing')).toMatchObject({ exitCode: 1, stderr: '' });
  });

  test('leaves a command’s own error to the program', async () => {
    expect(await run('till', 'fail')).toMatchObject({
      exitCode: 1,
      stderr: 'reported: RangeError: The till is empty.',
    });
  });

  test('ends with 2 for a UsageError of the command', async () => {
    expect(await run('till', 'refuse')).toMatchObject({
      exitCode: 2,
      stderr: 'shop: --coins must be round.\n"npx shop help till refuse" shows what it takes.\n',
    });
  });
});

describe('a command line that asks for help or version', () => {
  test.each([
    [['--help'], 'npx shop [OPTIONS]'],
    [['-h'], 'npx shop [OPTIONS]'],
    [['help'], 'npx shop [OPTIONS]'],
    [['help', '--help'], 'npx shop [OPTIONS]'],
    [['help', 'open'], 'npx shop open [OPTIONS]'],
    [['help', 'help'], 'npx shop help [OPTIONS] [COMMAND]'],
    [['open', '--help'], 'npx shop open [OPTIONS]'],
    [['-h', 'sell', '--gift'], 'npx shop sell [OPTIONS] <THING>'],
    [['sell', '--price', '3', '--help'], 'npx shop sell [OPTIONS] <THING>'],
    [['sell', '--price', '--help'], 'npx shop sell [OPTIONS] <THING>'],
    [['sell', 'tea', '-wh'], 'npx shop sell [OPTIONS] <THING>'],
    [['till'], 'npx shop till [OPTIONS] <COMMAND>'],
    [['help', 'find'], 'npx shop find [OPTIONS] [WORD...]'],
    [['help', 'till', 'count'], 'npx shop till count [OPTIONS]'],
  ])('%j gives the usage %s', async (argv, usage) => {
    const { exitCode, ran, stdout, stderr } = await run(...argv);
    expect({ exitCode, ran, stderr }).toEqual({ exitCode: 0, ran: [], stderr: '' });
    expect(stdout).toMatch(/^ {2}-h, --help {2,}\S/m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(/^USAGE (.*)/m.exec(stdout)?.[1]).toContain(usage);
    expect(stdout).not.toMatch(/\p{Cc}\[| $/mu);
  });

  test('gives the default and the opposite of a flag, and a line of its own to a long one', async () => {
    const { stdout } = await run('help', 'find');
    expect(stdout).toContain(
      `ARGUMENTS

  WORD...  What it is to be like. More words mean less. More words mean less.
           More words mean less. More words mean less. More words mean less.
           More words mean less. More words mean less. More words mean less.
           More words mean less.

OPTIONS

  --sort-them-by-what-somebody-says <key>
              In which order
  --no-pages  Write all at once
  -h, --help  Show what the command does and which flags it takes
`,
    );
  });

  test('includes the program’s additional text', async () => {
    expect((await run('help', 'open')).stdout).toMatch(/\nAt nine\.\n$/);
    expect((await run('help', 'sell')).stdout).not.toContain('At nine.');
  });

  test.each([[['--version']], [['-v']], [['open', '--version']], [['till', '--version']]])(
    '%j gives the version',
    async (argv) => {
      expect(await run(...argv)).toEqual({ exitCode: 0, ran: [], stdout: '1.2.3\n', stderr: '' });
    },
  );
});

describe('an invalid command line', () => {
  test.each([
    [['oepn'], 'Unknown command "oepn". Did you mean "open"?', 'help" lists the commands'],
    [['count'], 'Unknown command "count". Did you mean "till count"?', 'help" lists the commands'],
    [['till', 'conut'], 'Unknown command "conut". Did you mean "count"?', 'help till" lists the commands of till'],
    [['help', 'sel'], 'Unknown command "sel". Did you mean "sell"?', 'help" lists the commands'],
    [['hlep'], 'Unknown command "hlep". Did you mean "help"?', 'help" lists the commands'],
    [[''], 'Unknown command "".', 'help" lists the commands'],
    [['constructor'], 'Unknown command "constructor".', 'help" lists the commands'],
    [['-h', 'clsoe'], 'Unknown command "clsoe".', 'help" lists the commands'],
    [['--', '--gift'], 'Unknown command "--gift".', 'help" lists the commands'],
    [['sell', 'tea', '--gfit'], 'Unknown flag "--gfit". Did you mean "--gift"?', 'help sell" shows what it takes'],
    [
      ['sell', 'tea', '--no-gift'],
      'Unknown flag "--no-gift". Did you mean "--gift"?',
      'help sell" shows what it takes',
    ],
    [['sell', 'tea', '--constructor'], 'Unknown flag "--constructor".', 'help sell" shows what it takes'],
    [['sell', 'tea', '--__proto__'], 'Unknown flag "--__proto__".', 'help sell" shows what it takes'],
    [['find', '--pages'], 'Unknown flag "--pages". Did you mean "--no-pages"?', 'help find" shows what it takes'],
    [['find', '-g'], 'Unknown flag "-g".', 'help find" shows what it takes'],
    [['sell', 'tea', '-g'], 'Unknown flag "-g".', 'help sell" shows what it takes'],
    [['--gift'], 'Unknown flag "--gift".', 'help" lists the commands'],
    [['--gift', '3'], 'Unknown flag "--gift".', 'help" lists the commands'],
    [
      ['till', '--versoin'],
      'Unknown flag "--versoin". Did you mean "--version"?',
      'help till" lists the commands of till',
    ],
    [['sell', 'tea', '--gift=no'], '--gift takes no value.', 'help sell" shows what it takes'],
    [['sell', 'tea', '--gift', '--gift'], '--gift is given twice.', 'help sell" shows what it takes'],
    [['sell', 'tea', '--price'], '--price needs a value.', 'help sell" shows what it takes'],
    [['sell', 'tea', '--price='], '--price needs a value.', 'help sell" shows what it takes'],
    [['sell'], 'sell needs a thing.', 'help sell" shows what it takes'],
    [['sell', 'tea', 'now'], 'Unexpected argument "now": sell takes one thing.', 'help sell" shows what it takes'],
    [['open', 'now'], 'Unexpected argument "now": open takes flags only.', 'help open" shows what it takes'],
    [['open', '-'], 'Unexpected argument "-": open takes flags only.', 'help open" shows what it takes'],
    [['help', 'open', 'sell'], 'Unexpected argument "sell": help takes one command.', 'help" lists the commands'],
    [['a\u001b[2J\n'], String.raw`Unknown command "a\u001b[2J\n".`, 'help" lists the commands'],
  ])('%j runs nothing and is reported', async (argv, message, hint) => {
    expect(await run(...argv)).toEqual({
      exitCode: 2,
      ran: [],
      stdout: '',
      stderr: `shop: ${message}\n"npx shop ${hint}.\n`,
    });
  });

  test('is reported in lines of the terminal', async () => {
    const { stderr } = await runWith({ columns: 40 }, 'sell', 'tea', 'now');
    expect(stderr).toBe(
      'shop: Unexpected argument "now": sell\ntakes one thing.\n"npx shop help sell" shows what it\ntakes.\n',
    );
  });

  test('never runs a command that takes no arguments, whatever follows its name', async () => {
    const known = new Set(['--help', '-h', '--version', '-v', '--', '-hv', '-vh']);
    const typed = fc.string({ minLength: 1 }).filter((argument) => !known.has(argument));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(['open'], ['till', 'count']), typed, async (command, argument) => {
        expect(await run(...command, argument)).toMatchObject({ exitCode: 2, ran: [] });
      }),
    );
  });
});
