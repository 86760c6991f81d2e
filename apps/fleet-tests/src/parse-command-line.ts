import { parseArgs } from 'node:util';
import { type OneCommandLine, readOneCommand, readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';

export interface Order {
  database: 'sqlite' | 'postgres';
  kills: number;
  nodeCount: number;
  seed: number;
}

export const usage = `Kills a Cloudly repeatedly under load, and reports what it had acknowledged and lost.

  npx -y pnpm@12.21.0 run kills [options]

  --database <which>   sqlite, with one server, or postgres, with two (sqlite)
  --kills <count>      how many servers to kill; PostgreSQL itself is also killed (200)
  --nodes <count>      nodes at the same time (50)
  --seed <number>      decides which server a kill hits, and when; printed with the result (random)

Exit codes: 0 nothing is lost, 1 something is, 2 usage.
`;

export function parseCommandLine(argv: readonly string[], anySeed: () => number): OneCommandLine<{ order: Order }> {
  return readOneCommand(() => {
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
    if (values.help) return undefined;
    const { database } = values;
    if (database !== 'sqlite' && database !== 'postgres') {
      throw new UsageError(`--database must be sqlite or postgres, but is "${database}".`);
    }
    const order = {
      database,
      kills: readWholeNumber('--kills', values.kills, { min: 1, max: 100_000 }),
      nodeCount: readWholeNumber('--nodes', values.nodes, { min: 1, max: 10_000 }),
      seed:
        values.seed === undefined ? anySeed() : readWholeNumber('--seed', values.seed, { min: 1, max: 2 ** 32 - 1 }),
    } as const;
    return { order };
  });
}
