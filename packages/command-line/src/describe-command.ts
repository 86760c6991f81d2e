import type { ArgDef, CommandDef } from 'citty';
import { helpFlag } from './common-commands.js';
import { flagName, isShownFlag } from './flag-name.js';
import { listCommands } from './list-commands.js';
import { positionalsOf, usageOf } from './positional.js';
import { resolve } from './resolve.js';
import { wrapIndented } from './wrap-text.js';

/**
 * What a command does and takes, in lines of at most 80 characters and without colours.
 *
 * @param called the words that run it, from the program on
 */
export async function describeCommand(command: CommandDef, called: string): Promise<string> {
  const { description = '' } = (await resolve(command.meta)) ?? {};
  const args = { ...(await resolve(command.args)), help: helpFlag };
  const positionals = positionalsOf(args);
  const flags = Object.entries<ArgDef>(args).filter(([, arg]) => isShownFlag(arg));
  const commands = (await listCommands(command)).map(({ name, description: does }): Row => [name, does]);
  const takes = [...positionals.map(usageOf), ...(commands.length > 0 ? ['<COMMAND>'] : [])];
  const parts = [
    wrapIndented(description, 0),
    wrapIndented(['USAGE', called, '[OPTIONS]', ...takes].join(' '), 'USAGE '.length, 0),
    section(
      'ARGUMENTS',
      positionals.map((each) => [usageOf(each).slice(1, -1), each[1].description ?? '']),
    ),
    section(
      'OPTIONS',
      flags.map(([name, arg]) => [flagLabel(name, arg), flagDescription(arg)]),
    ),
    section('COMMANDS', commands),
    commands.length > 0 ? wrapIndented(`"${called} <command> --help" shows what a command takes.`, 0) : '',
  ];
  return parts.filter(Boolean).join('\n');
}

type Row = [label: string, description: string];

/** A longer label has a line of its own. */
const LABEL_MAX = 26;

function section(heading: string, rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const widths = rows.map(([label]) => label.length).filter((width) => width <= LABEL_MAX);
  const indent = Math.max(...widths, 0) + 4;
  const lines = rows.map(([label, description]) => {
    const described = wrapIndented(description, indent);
    const isBeside = described !== '' && label.length + 4 <= indent;
    return isBeside ? `  ${label.padEnd(indent - 2)}${described.slice(indent)}` : `  ${label}\n${described}`;
  });
  return `${heading}\n\n${lines.join('')}`;
}

function flagLabel(name: string, arg: ArgDef): string {
  const short = 'alias' in arg && typeof arg.alias === 'string' ? `-${arg.alias}, ` : '';
  const value = arg.type === 'boolean' ? '' : ` <${arg.valueHint ?? name}>`;
  return `${short}--${flagName(name, arg)}${value}`;
}

function flagDescription({ description = '', default: preset }: ArgDef): string {
  return preset === undefined || preset === true ? description : `${description} (default: ${preset})`;
}
