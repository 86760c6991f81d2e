import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import { appId, type CommandCase } from './command-cases.js';
import { CommandedDevice, type JournalState } from './commanded-device.js';
import { HoldingFront } from './holding-front.js';
import { isAsk, type KillStep } from './kill-steps.js';
import type { WatchedCloudly } from './watched-cloudly.js';

/** What became of one command whose agent was killed at one step. */
export interface KillOutcome {
  command: CommandCase;
  step: KillStep;
  /** When the agent was killed: what its disk said, and how often the Supervisor had been asked. */
  journalAtKill: JournalState;
  asksAtKill: number;
  /** After the next agent has told Cloudly: the outcome, the code of its error, and all asks. */
  outcome: string;
  errorCode?: string | undefined;
  asks: number;
  /** What that agent's journal says, and its program for people. */
  journal: JournalState;
  shown: string;
}

export interface KillAtStepOptions {
  /** The built program of BaseRunner. */
  cliPath: string;
  cloudly: WatchedCloudly;
  command: CommandCase;
  step: KillStep;
}

/** A device of its own: its agent is killed at the step of the command, started again, and followed to the outcome. */
export async function killAtStep({ cliPath, cloudly, command, step }: KillAtStepOptions): Promise<KillOutcome> {
  const supervisor = createSupervisor({
    apps: [{ appId, commit: 'old', services: ['main', 'baserunner'] }],
    relay: false,
    rebootDurationMs: 500,
  });
  const listening = await supervisor.listen();
  const fronts = {
    supervisor: await HoldingFront.listen(listening.address),
    cloudly: await HoldingFront.listen(cloudly.url),
  };
  const { joinToken } = await cloudly.createJoinToken();
  const device = await CommandedDevice.create({
    cliPath,
    cloudlyUrl: fronts.cloudly.url,
    supervisorUrl: fronts.supervisor.url,
    apiKey: supervisor.apiKeyOf({ appId, serviceName: 'baserunner' }),
    appId,
    serviceName: 'baserunner',
    joinToken,
  });
  try {
    await command.arrange?.(supervisor, listening.address);
    const before = supervisor.requests.filter(isAsk).length;
    const asks = (): number => supervisor.requests.filter(isAsk).length - before;

    device.start();
    const nodeId = await device.enrolled();
    let resolve = (_id: string): void => undefined;
    const commandId = new Promise<string>((known) => {
      resolve = known;
    });
    const reached = step.reached({ device, ...fronts, commandId, command });
    const queued = await queueCommand(cloudly.store, nodeId, command.order);
    if (queued.outcome !== 'queued') throw new Error(`The command was not queued: ${queued.outcome}`);
    const { id } = queued.command;
    resolve(id);
    await Promise.race([reached, endedEarly(device)]);
    await device.kill();
    const atKill = { journalAtKill: await device.stateOf(id), asksAtKill: asks() };

    device.start();
    const result = await Promise.race([cloudly.result(nodeId, id), endedEarly(device)]);
    // What it would do a second time, it would do before it has nothing more to tell.
    await cloudly.heartbeats(nodeId, 3);
    const [journal, shown] = [await device.stateOf(id), await device.run('commands')];
    return {
      command,
      step,
      ...atKill,
      outcome: result.outcome,
      errorCode: result.error?.code,
      asks: asks(),
      journal,
      shown,
    };
  } catch (error) {
    const log = device.agent.stderr.split('\n').slice(-30).join('\n');
    throw new Error(`${command.name}, ${step.name}: ${String(error)}\n${log}`, { cause: error });
  } finally {
    await device.remove();
    await Promise.all([fronts.supervisor.close(), fronts.cloudly.close(), listening.close()]);
  }
}

async function endedEarly({ agent }: CommandedDevice): Promise<never> {
  const { code, signal } = await agent.exited;
  throw new Error(`The agent ended by itself (${code ?? signal}).`);
}
