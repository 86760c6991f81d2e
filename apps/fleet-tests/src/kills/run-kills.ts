import { createJoinToken } from '@serve.zone/baseos-cloudly-handlers';
import { CloudlyServer } from '../processes/cloudly-server.js';
import type { Database } from '../database/database.js';
import { everyNode, findLost } from '../load/find-lost.js';
import { type Counts, Ledger } from '../load/ledger.js';
import { startLoad } from '../load/load.js';
import { seededRandom } from '@serve.zone/baseos-testing/chance/seeded-random';
import { killAgainAndAgain } from './kill-again-and-again.js';

export interface KillsOptions {
  /** The built program of the stand-alone Cloudly. */
  cliPath: string;
  database: Database;
  serverCount: number;
  /** How many nodes there are at a time. */
  nodeCount: number;
  kills: number;
  seed: number;
}

export interface KillsOutcome {
  /** Of servers, and of what the database is made of. */
  kills: number;
  acknowledged: Counts;
  /** What was acknowledged but is missing. */
  lost: string[];
  /** Rejections of nodes without a reason. */
  contradictions: string[];
  /** The nodes that there are, and the uses of the join token that all of them came by. */
  nodes: number;
  joinTokenUses: number;
}

/** Puts Cloudly under load, kills it again and again, and looks for all that it had acknowledged. */
export async function runKills(options: KillsOptions): Promise<KillsOutcome> {
  const { cliPath, database, serverCount, nodeCount, kills, seed } = options;
  const servers: CloudlyServer[] = [];
  const store = await database.openStore();
  try {
    while (servers.length < serverCount) {
      servers.push(await CloudlyServer.start({ cliPath, storage: database.storage }));
    }
    const { joinToken, record } = await createJoinToken(store, { uses: 1_000_000 });
    const ledger = new Ledger();
    const load = startLoad({ nodeCount, serverUrl: inTurn(servers), joinToken, store, ledger });
    const random = seededRandom(seed);
    const killing = async (): Promise<void> => {
      await killAgainAndAgain({ victims: servers, kills, ledger, random });
      for (const victim of database.victims) await killAgainAndAgain({ victims: [victim], kills: 1, ledger, random });
      await ledger.more(nodeCount);
    };
    await Promise.race([killing(), load.ended]);
    await load.stop();

    return {
      kills: kills + database.victims.length,
      acknowledged: ledger.counts(),
      lost: await findLost(store, ledger),
      contradictions: ledger.contradictions,
      nodes: (await everyNode(store)).size,
      joinTokenUses: (await store.findJoinToken(record.id))?.usedCount ?? 0,
    };
  } finally {
    await Promise.all(servers.map((server) => server.kill()));
    await store.close();
  }
}

/** Each time another server; where that one is down, whichever is there or comes first. */
function inTurn(servers: readonly CloudlyServer[]): () => Promise<string> {
  let turn = 0;
  return async () => {
    turn = (turn + 1) % servers.length;
    const order = [...servers.slice(turn), ...servers.slice(0, turn)];
    return Promise.race(order.map(async (server) => server.up.then(() => server.url)));
  };
}

/** What speaks against Cloudly, or against the run as a proof of anything, each in words. */
export function faultsOf({ kills, acknowledged, lost, contradictions, nodes, joinTokenUses }: KillsOutcome): string[] {
  const scarce = (['registrations', 'rotations', 'results'] as const).filter((what) => acknowledged[what] <= kills);
  return [
    ...lost.map((what) => `lost: ${what}`),
    ...contradictions.map((what) => `refused: ${what}`),
    ...scarce.map((what) => `too few ${what} were acknowledged for a result`),
    // A node that retried after a lost answer was admitted by its key.
    ...(joinTokenUses === nodes ? [] : [`the join token was used ${joinTokenUses} times by ${nodes} nodes`]),
  ];
}

/** In a line, for people. */
export function describeKills({ kills, acknowledged, lost }: KillsOutcome): string {
  const { registrations, rotations, results, heartbeats } = acknowledged;
  const [killCount, registered, rotated, delivered, heard] = [kills, registrations, rotations, results, heartbeats].map(
    (count) => count.toLocaleString('en'),
  );
  return (
    `${killCount} kills; acknowledged: ${registered} registrations, ${rotated} rotations, ${delivered} results ` +
    `(and ${heard} heartbeats); ${lost.length} lost`
  );
}
