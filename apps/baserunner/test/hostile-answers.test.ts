import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { problemDocument } from '@serve.zone/baseos-contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { json, redirectTo } from '@serve.zone/baseos-testing/network/socket-faults';
import { type BuiltCli, buildCli } from './build-cli.js';
import { faultsAfterEnrolment, type NamedFault } from './named-faults.js';
import {
  type Aftermath,
  endSurroundings,
  startOnFaultyWay,
  type Surroundings,
  surviveHeartbeat,
  unharmed,
  withAgentOnFaultyWay,
} from './survive-fault.js';

let cli: BuiltCli;
/** Each meets one fault after the other. */
let agents: Surroundings[];
beforeAll(async () => {
  cli = await buildCli();
  agents = await Promise.all(Array.from({ length: 4 }, () => startOnFaultyWay(cli)));
});
afterAll(async () => {
  await Promise.all(agents.map(endSurroundings));
  await cli.remove();
});

const turns: Promise<unknown>[] = [];

/** The fault meets one of the agents, once that has survived those before. */
function survive(fault: NamedFault): Promise<Aftermath> {
  const turn = turns.length % agents.length;
  const survived = (async () => {
    await turns[turns.length - agents.length];
    const agent = agents[turn];
    if (!agent) throw new Error('There is no agent.');
    return surviveHeartbeat(agent, fault);
  })();
  turns.push(survived.catch(() => undefined));
  return survived;
}

// Faults of the register call, and those that last a whole deadline, are in hostile-answers.faults.ts.
describe.concurrent('a heartbeat that meets', { timeout: 180_000 }, () => {
  test.each(Object.entries(faultsAfterEnrolment))('%s loses nothing but time', async (_name, fault) => {
    expect(await survive(fault)).toEqual(unharmed);
  });

  test('no server at all loses nothing but time', async () => {
    await withAgentOnFaultyWay(cli, async ({ rig, way, agent }) => {
      await agent.logged(/acknowledged the first heartbeat/);
      await way.close();
      await agent.logged(/ warn .*nothing accepts connections there \(ECONNREFUSED\).*code=unreachable/);
      await way.reopen();
      await agent.logged(/answers again/);
      expect(rig.eventsOf('node-registered')).toHaveLength(1);
    });
  });

  test('a revocation of this very node by another Cloudly does not silence it', async () => {
    await withAgentOnFaultyWay(cli, async ({ rig, way, agent }) => {
      const { nodeId } = await rig.event('node-registered');
      await agent.logged(/acknowledged the first heartbeat/);
      const identity = await readFile(rig.statePath, 'utf8');
      const issuer = { cloudlyId: 'another-cloudly-entirely', serverTime: '2026-11-23T16:00:00Z' };
      const revocation = problemDocument({ code: 'node-revoked', nodeId }, issuer);
      way.fail(json(JSON.stringify(revocation), `${revocation.status} Revoked`, 'application/problem+json'));
      await agent.logged(/ warn .*A different Cloudly answers .*code=another-cloudly/);
      way.heal();
      await rig.nextHeartbeat();
      expect(await readFile(rig.statePath, 'utf8')).toBe(identity);
    });
  });

  test.each(['302 Found', '303 See Other', '307 Temporary Redirect', '308 Permanent Redirect'])(
    'a redirect to another host (%s) is not followed, and the token is not sent',
    async (status) => {
      const elsewhere = createServer().listen(0, '127.0.0.1');
      await once(elsewhere, 'listening');
      let connections = 0;
      elsewhere.on('connection', (socket) => {
        connections += 1;
        socket.destroy();
      });
      const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
      try {
        const redirect = {
          fault: redirectTo(`${location}/take?all=1`, status),
          code: 'not-cloudly',
          words: new RegExp(`a redirect to ${location}, which is not followed`),
        } as const;
        expect(await survive(redirect)).toEqual(unharmed);
        expect(connections).toBe(0);
      } finally {
        elsewhere.close();
      }
    },
  );
});
