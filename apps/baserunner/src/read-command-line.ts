import type { ArgsDef } from 'citty';
import { type CommandName, commands } from './command-tree.js';
import { escapeControls } from './escape-controls.js';
import { nearestName } from './nearest-name.js';

export type CommandLine =
  | { kind: 'run'; command: CommandName; flags: string[] }
  /** Of one command, or of the whole where none is named. */
  | { kind: 'help'; command?: CommandName }
  | { kind: 'version' }
  /** Nothing runs. The message says what is wrong, and what was probably meant. */
  | { kind: 'mistake'; message: string };

/**
 * Judges the command line before anything runs: citty passes over flags that it does not know, and a mistyped `--force`
 * must not start an agent or an update.
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const flags = options.filter(isFlag);
  const words = [...options.filter((argument) => !isFlag(argument)), ...(end === -1 ? [] : argv.slice(end + 1))];

  const [name = 'start', ...rest] = words;
  if (!isCommand(name)) return mistake('command', name, Object.keys(commands));
  const unknown = flags.find((flag) => !flagsOf(name).includes(flag));
  if (unknown !== undefined) return mistake('flag', unknown, flagsOf(name));

  if (name === 'help') return readHelp(rest);
  if (rest[0] !== undefined) {
    return { kind: 'mistake', message: `Unexpected argument "${escapeControls(rest[0])}": ${name} takes flags only.` };
  }
  if (flags.some(isHelp)) return words.length === 0 ? { kind: 'help' } : { kind: 'help', command: name };
  if (flags.some(isVersion)) return { kind: 'version' };
  return { kind: 'run', command: name, flags };
}

function readHelp([topic, ...more]: string[]): CommandLine {
  if (topic === undefined) return { kind: 'help' };
  if (!isCommand(topic)) return mistake('command', topic, Object.keys(commands));
  if (more[0] === undefined) return { kind: 'help', command: topic };
  return { kind: 'mistake', message: `Unexpected argument "${escapeControls(more[0])}": help takes one command.` };
}

const isFlag = (argument: string): boolean => argument.startsWith('-');
const isHelp = (flag: string): boolean => flag === '--help' || flag === '-h';
const isVersion = (flag: string): boolean => flag === '--version' || flag === '-v';
const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name);

/** As they are typed. None takes a value, so `--force=no` is not `--force`. */
function flagsOf(command: CommandName): string[] {
  const named = Object.entries(commands[command].args as ArgsDef).filter(([, { type }]) => type !== 'positional');
  return [...named.map(([name]) => `--${name}`), '-h', '--version', '-v'];
}

function mistake(what: 'command' | 'flag', typed: string, known: string[]): CommandLine {
  const nearest = nearestName(typed.replace(/^--no-/, '--').replace(/=.*$/s, ''), known);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  return { kind: 'mistake', message: `Unknown ${what} "${escapeControls(typed)}".${hint}` };
}
