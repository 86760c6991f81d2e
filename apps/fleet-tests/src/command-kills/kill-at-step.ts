import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { queueCommand } from '@serve.zone/baseos-cloudly-handlers';
import { appId, type CommandCase } from './command-cases.js';
import { CommandedDevice, type JournalState } from './commanded-device.js';
import { HoldingFront } from './holding-front.js';
import { isAsk, type KillStep } from './kill-steps.js';
import { PowerOfDevice } from './power-of-device.js';
import type { WatchedCloudly } from './watched-cloudly.js';

const serviceName = 'baserunner';

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
  /** Whether the agent could tell that the device had been off. */
  isPowerShown: boolean;
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
  const folder = await mkdtemp(join(tmpdir(), 'killed-at-step-'));
  const supervisor = createSupervisor({
    apps: [{ appId, commit: 'old', services: ['main', serviceName] }],
    relay: false,
    rebootDurationMs: 500,
    ...(command.isGated && { lockFiles: folder }),
  });
  const power = command.isPower && PowerOfDevice.of(supervisor, folder);
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
    apiKey: supervisor.apiKeyOf({ appId, serviceName }),
    appId,
    serviceName,
    joinToken,
    env: command.isGated ? gatedBy(supervisor) : {},
    enter: power?.enter,
  });
  try {
    await command.arrange?.(supervisor, listening.address);
    const before = supervisor.requests.filter(isAsk).length;
    const asks = (): number => supervisor.requests.filter(isAsk).length - before;

    device.start();
    const nodeId = await device.enrolled();
    await command.arrangeLater?.(supervisor);
    let resolve = (_id: string): void => undefined;
    const commandId = new Promise<string>((known) => {
      resolve = known;
    });
    const reached = step.reached({ device, ...fronts, commandId, command });
    const queued = await queueCommand(cloudly.store, nodeId, command.order);
    if (queued.outcome !== 'queued') throw new Error(`The command was not queued: ${queued.outcome}`);
    const { id } = queued.command;
    resolve(id);
    if (step.isAfterOutcome) await power?.cycled(device);
    await Promise.race([reached, endedEarly(device)]);
    await device.kill();
    const atKill = { journalAtKill: await device.stateOf(id), asksAtKill: asks() };

    fronts.supervisor.letAllPass();
    if (command.isLocked) supervisor.unlock({ serviceName: 'main' });
    const isOff = atKill.asksAtKill > 0 && !step.isAfterOutcome;
    if (isOff) await power?.back();
    device.start();
    // It is asked for by this agent alone.
    if (atKill.journalAtKill === 'none' || atKill.journalAtKill === 'taken') await power?.cycled(device);
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
      isPowerShown: power !== undefined,
    };
  } catch (error) {
    const log = device.agent.stderr.split('\n').slice(-30).join('\n');
    throw new Error(`${command.name}, ${step.name}: ${String(error)}\n${log}`, { cause: error });
  } finally {
    await device.remove();
    await Promise.all([fronts.supervisor.close(), fronts.cloudly.close(), listening.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

function gatedBy(supervisor: Supervisor): Record<string, string> {
  const folder = supervisor.lockFolder({ appId, serviceName }) ?? '';
  return { BASEOS_UPDATES: 'gated', BALENA_APP_LOCK_PATH: join(folder, 'updates.lock') };
}

async function endedEarly({ agent }: CommandedDevice): Promise<never> {
  const { code, signal } = await agent.exited;
  throw new Error(`The agent ended by itself (${code ?? signal}).`);
}
