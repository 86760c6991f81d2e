import { readFile } from 'node:fs/promises';
import type { BuiltCli } from './build-cli.js';
import type { Program } from '@serve.zone/baseos-testing/processes/program';
import { FaultyWay } from './faulty-way.js';
import type { NamedFault } from './named-faults.js';
import { Rig } from './rig.js';

export interface Surroundings {
  rig: Rig;
  way: FaultyWay;
  agent: Program;
}

/** The limit of a body is far below this. The rest allows for the socket buffers of both sides. */
const BYTES_TAKEN_MAX = 16 * 1024 * 1024;

/** Starts an agent whose connection to Cloudly can fail. Several of them can run in parallel. */
export async function startOnFaultyWay(cli: BuiltCli, failFirst?: NamedFault['fault']): Promise<Surroundings> {
  const rig = await Rig.open(cli);
  const way = await FaultyWay.open(rig.cloudlyUrl);
  if (failFirst) way.fail(failFirst);
  const env = rig.env({ BASEOS_CLOUDLY_URL: way.url, BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
  return { rig, way, agent: rig.start(env) };
}

export async function endSurroundings({ rig, way }: Surroundings): Promise<void> {
  await Promise.all([way.close(), rig.close()]);
}

export async function withAgentOnFaultyWay<Result>(
  cli: BuiltCli,
  use: (surroundings: Surroundings) => Promise<Result>,
  failFirst?: NamedFault['fault'],
): Promise<Result> {
  const surroundings = await startOnFaultyWay(cli, failFirst);
  try {
    return await use(surroundings);
  } finally {
    await endSurroundings(surroundings);
  }
}

/** What a fault left behind. */
export interface Aftermath {
  nodes: number;
  registrations: number;
  warnings: number;
  isRunning: boolean;
  /** The agent met the fault, and read no more of it than it needs to recognise it. */
  wasBounded: boolean;
  identity: 'as before' | 'changed';
}

/** The expected state after every fault: the same node, which has reported the problem once. */
export const unharmed: Aftermath = {
  nodes: 1,
  registrations: 1,
  warnings: 1,
  isRunning: true,
  wasBounded: true,
  identity: 'as before',
};

/** The fault meets the register call. */
export async function surviveBeforeEnrolment(cli: BuiltCli, { fault, code, words }: NamedFault): Promise<Aftermath> {
  return withAgentOnFaultyWay(
    cli,
    async (surroundings) => {
      const { rig, way, agent } = surroundings;
      await agent.logged(told(code, words));
      const strikes = strikesOf(way);
      way.heal();
      await rig.event('heartbeat-received');
      const stored = await readFile(rig.statePath, 'utf8');
      await rig.nextHeartbeat();
      return aftermath(surroundings, strikes, stored);
    },
    fault,
  );
}

/** The fault meets a heartbeat of a new agent. */
export async function surviveAfterEnrolment(cli: BuiltCli, fault: NamedFault): Promise<Aftermath> {
  return withAgentOnFaultyWay(cli, (surroundings) => surviveHeartbeat(surroundings, fault));
}

/** The fault meets a heartbeat of an agent that may have survived others before. */
export async function surviveHeartbeat(
  surroundings: Surroundings,
  { fault, code, words }: NamedFault,
): Promise<Aftermath> {
  const { rig, way, agent } = surroundings;
  await agent.logged(/acknowledged the first heartbeat/);
  const from = agent.logLength;
  const stored = await readFile(rig.statePath, 'utf8');
  way.fail(fault);
  await agent.logged(told(code, words), from);
  const strikes = strikesOf(way);
  way.heal();
  await agent.logged(/answers again/, from);
  await rig.nextHeartbeat();
  return aftermath(surroundings, strikes, stored, from);
}

/** Reported once, as a change. */
function told(code: string, words: RegExp): RegExp {
  return new RegExp(`^.* warn .*${words.source}.*code=${code}$`, 'm');
}

function strikesOf({ strikes, bytesTakenMax }: FaultyWay): boolean {
  return strikes > 0 && bytesTakenMax < BYTES_TAKEN_MAX;
}

async function aftermath(
  { rig, agent }: Surroundings,
  wasBounded: boolean,
  stored: string,
  from = 0,
): Promise<Aftermath> {
  return {
    nodes: new Set(rig.eventsOf('heartbeat-received').map(({ nodeId }) => nodeId)).size,
    registrations: rig.eventsOf('node-registered').length,
    warnings: agent.stderr.slice(from).match(/ warn .*code=/g)?.length ?? 0,
    isRunning: agent.isRunning,
    wasBounded,
    identity: (await readFile(rig.statePath, 'utf8')) === stored ? 'as before' : 'changed',
  };
}
