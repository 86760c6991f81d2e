import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { BuiltCli } from './build-cli.js';
import type { CliProcess } from './cli-process.js';
import { FaultyWay } from './faulty-way.js';
import type { NamedFault } from './named-faults.js';
import { Rig } from './rig.js';

export interface Surroundings {
  rig: Rig;
  way: FaultyWay;
  agent: CliProcess;
}

/** What a body may hold is far below; the rest is what the sockets of both sides take on their own. */
const BYTES_TAKEN_MAX = 16 * 1024 * 1024;

/** An agent whose calls to Cloudly take a way that can fail. Several of them can run side by side. */
export async function withAgentOnFaultyWay(
  cli: BuiltCli,
  use: (surroundings: Surroundings) => Promise<void>,
  failFirst?: NamedFault['fault'],
): Promise<void> {
  const rig = await Rig.open(cli);
  const way = await FaultyWay.open(rig.cloudlyUrl);
  try {
    if (failFirst) way.fail(failFirst);
    const env = rig.env({ BASEOS_CLOUDLY_URL: way.url, BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
    await use({ rig, way, agent: rig.start(env) });
  } finally {
    await Promise.all([way.close(), rig.close()]);
  }
}

/** The fault meets the register call. Afterwards there is one node, which was taken in once. */
export async function surviveBeforeEnrolment(cli: BuiltCli, { fault, code, words }: NamedFault): Promise<void> {
  await withAgentOnFaultyWay(
    cli,
    async ({ rig, way, agent }) => {
      await agent.logged(told(code, words));
      way.heal();
      await rig.event('heartbeat-received');
      expect(rig.eventsOf('node-registered')).toHaveLength(1);
      expectUnharmed({ rig, way, agent });
    },
    fault,
  );
}

/** The fault meets a heartbeat. It changes nothing, and the next good answer ends it. */
export async function surviveAfterEnrolment(cli: BuiltCli, { fault, code, words }: NamedFault): Promise<void> {
  await withAgentOnFaultyWay(cli, async ({ rig, way, agent }) => {
    await agent.logged(/acknowledged the first heartbeat/);
    const identity = await readFile(rig.statePath, 'utf8');
    way.fail(fault);
    await agent.logged(told(code, words));
    way.heal();
    await agent.logged(/answers again/);
    await rig.nextHeartbeat();
    expect(await readFile(rig.statePath, 'utf8')).toBe(identity);
    expectUnharmed({ rig, way, agent });
  });
}

/** Told once, as the change that it is. */
const told = (code: string, words: RegExp): RegExp => new RegExp(`^.* warn .*${words.source}.*code=${code}$`, 'm');

function expectUnharmed({ rig, way, agent }: Surroundings): void {
  expect(way.strikes).toBeGreaterThan(0);
  expect(way.bytesTakenMax).toBeLessThan(BYTES_TAKEN_MAX);
  expect(rig.eventsOf('node-registered')).toHaveLength(1);
  expect(new Set(rig.eventsOf('heartbeat-received').map(({ nodeId }) => nodeId)).size).toBe(1);
  expect(agent.isRunning).toBe(true);
  expect(agent.stderr.match(/ warn .*code=/g)).toHaveLength(1);
}
