import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bundledCli } from './cli-process.js';
import { startFleet } from './start-fleet.js';

function isMissing(program: string, part: string): boolean {
  try {
    return !execFileSync(program, ['--version'], { encoding: 'utf8' }).includes(part);
  } catch {
    return true;
  }
}

const shells = [
  { shell: 'bash', start: 'bash --norc --noprofile -i', prepare: '' },
  { shell: 'zsh', start: 'zsh -f -i', prepare: 'autoload -U compinit && compinit -u -D; ' },
];
const missing = new Set(
  [
    ['script', 'util-linux'],
    ['bash', 'GNU'],
    ['zsh', 'zsh'],
  ].flatMap(([program = '', part = '']) => (isMissing(program, part) ? [program] : [])),
);

/** What a person types, with the tabulator, and the words that the program then gets. */
const typed: [line: string, words: string[]][] = [
  ['node li\t', ['node', 'list']],
  ['node show Ga\t', ['node', 'show', 'Gate 1']],
  ['node show "Ga\t', ['node', 'show', 'Gate 1']],
  ["node show 'Ga\t", ['node', 'show', 'Gate 1']],
  ['node list state:off\t', ['node', 'list', 'state:offline']],
  ['node list approv\tpen\t', ['node', 'list', 'approval=pending']],
  ['node revoke "shop-b -approval:pen\t', ['node', 'revoke', 'shop-b -approval:pending']],
  ['node list --so\t-se\t', ['node', 'list', '--sort', '-seen']],
  ['node list --sort=-se\t', ['node', 'list', '--sort=-seen']],
  ['events --kind node-la\t', ['events', '--kind', 'node-la']],
  ['backup ./fold\tx', ['backup', './folder with space/x']],
  ['help no\tsho\t', ['help', 'node', 'show']],
];

describe.each(shells)('completion in $shell (needs test:tools, as root on Debian)', ({ shell, start, prepare }) => {
  const { cli } = bundledCli();

  test.skipIf(missing.has('script') || missing.has(shell))(
    'finds commands, flags, values, nodes and files',
    async () => {
      const { data, fleet, nodeId } = await startFleet([{ hostname: 'a-1' }, { hostname: 'shop-b' }]);
      await fleet.rename(nodeId('a-1'), 'Gate 1');
      // Where the commands look for their fleet.
      const folder = dirname(data);
      symlinkSync(data, join(folder, 'cloudly-data'));
      mkdirSync(join(folder, 'folder with space'));
      const session = openShell(start, folder);
      const script = `'${process.execPath}' '${cli}' completion ${shell}`;
      session.type(`${prepare}source <(${script}); cloudly() { printf '<%s>' "$@"; echo .; }; echo re''ady\r`);
      await session.shown(/^ready/m);
      for (const [line, words] of typed) {
        session.type(`cloudly ${line}\r`);
        const printed = await session.shown(/^(<.*>)\.\r?$/m);
        expect([line, printed]).toEqual([line, words.map((word) => `<${word}>`).join('')]);
      }
    },
  );
});

/** A shell at a terminal, which `script` of util-linux emulates. */
function openShell(command: string, cwd: string) {
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { cwd, env: { ...process.env, TERM: 'dumb' } });
  onTestFinished(() => void terminal.kill());
  let screen = '';
  let look = (): void => undefined;
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
    look();
  });
  return {
    type: (text: string) => void terminal.stdin.write(text),
    /** Resolves with the group of the pattern once it is on the screen, which is then empty. */
    shown: (pattern: RegExp) =>
      new Promise<string | undefined>((resolve) => {
        look = () => {
          const match = pattern.exec(screen);
          if (!match) return;
          look = () => undefined;
          screen = '';
          resolve(match[1]);
        };
        look();
      }),
  };
}
