import { parseArgs } from 'node:util';

export interface Order {
  database: 'sqlite' | 'postgres';
  kills: number;
  nodeCount: number;
  seed: number;
}

export type CommandLine = { kind: 'run'; order: Order } | { kind: 'help' } | { kind: 'mistake'; message: string };

export const usage = `Kills a Cloudly under load, again and again, and tells what it had acknowledged and lost.

  npx -y pnpm@12 run kills [options]

  --database <which>   sqlite, with one server, or postgres, with two (sqlite)
  --kills <count>      of servers; PostgreSQL itself is killed as well (200)
  --nodes <count>      nodes at a time (50)
  --seed <number>      decides whom a kill hits, and when; printed with the result (any)

Exit codes: 0 nothing is lost, 1 something is, 2 usage.
`;

export function parseCommandLine(argv: readonly string[], anySeed: () => number): CommandLine {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        database: { type: 'string', default: 'sqlite' },
        kills: { type: 'string', default: '200' },
        nodes: { type: 'string', default: '50' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { kind: 'help' };
    const { database } = values;
    if (database !== 'sqlite' && database !== 'postgres') {
      throw new RangeError(`--database must be sqlite or postgres, but is "${database}".`);
    }
    const order = {
      database,
      kills: wholeNumber('--kills', values.kills, 100_000),
      nodeCount: wholeNumber('--nodes', values.nodes, 10_000),
      seed: values.seed === undefined ? anySeed() : wholeNumber('--seed', values.seed, 2 ** 32 - 1),
    } as const;
    return { kind: 'run', order };
  } catch (error) {
    return { kind: 'mistake', message: (error as Error).message };
  }
}

function wholeNumber(flag: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= most) return value;
  throw new RangeError(`${flag} must be a whole number from 1 to ${most}, but is "${text}".`);
}
