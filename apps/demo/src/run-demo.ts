import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import type { CommandRecord } from '@serve.zone/baseos-cloudly-handlers';
import {
  type HandlerEvent,
  type StandaloneCloudly,
  startStandaloneCloudly,
} from '@serve.zone/baseos-cloudly-standalone';
import { deviceVariables, HEARTBEAT_INTERVAL_MS } from './agent/device-variables.js';
import { DemoFailure } from './ending/demo-failure.js';
import { createGoal } from './order/goal.js';
import { inviteToUpdate } from './agent/invite-to-update.js';
import { commandUpdate, describeUpdateEnd } from './operator/command-update.js';
import { createNarrator, type Narrator } from './screen/narrator.js';
import type { DemoOptions } from './order/parse-command-line.js';
import { inviteToRollOut } from './operator/invite-to-roll-out.js';
import { startBaseRunner } from './agent/start-base-runner.js';
import { isFurtherDevice, startFurtherDevices } from './agent/start-further-devices.js';
import { describeCloudlyEvent } from './screen/describe-cloudly-event.js';
import { watchSupervisor } from './screen/watch-supervisor.js';

const HOUR_MS = 3_600_000;

/**
 * Starts the whole system, shows what it does, and stops it again: after as many heartbeats as asked for, or when
 * the signal aborts.
 *
 * @throws DemoFailure if BaseRunner ends, or a requested heartbeat does not arrive.
 */
export async function runDemo(
  options: DemoOptions & { stream: { write(text: string): unknown; isTTY?: boolean }; signal: AbortSignal },
): Promise<void> {
  const { devices, heartbeats, signal } = options;
  const narrate = createNarrator(options.stream, process.env);
  const goal = createGoal(options);
  const folder = await mkdtemp(join(tmpdir(), 'baseos-demo-'));
  const cleanUps: (() => void | Promise<void>)[] = [
    async () => {
      await rm(folder, { recursive: true, force: true });
      narrate('demo', `Removed ${folder}.`);
    },
    () => goal.drop(),
  ];
  try {
    narrate(
      'demo',
      'This is BaseOS on one machine: a Cloudly, an emulated balena Supervisor, and a real BaseRunner.\n' +
        `Nothing leaves this machine. Files are in ${folder} and are removed at the end. Press Ctrl-C to stop.\n`,
    );
    const supervisor = createSupervisor();
    const { address, close } = await supervisor.listen();
    narrate('supervisor', `Emulated. Listens at ${address}, as on a device with balenaOS.`);
    const watch = watchSupervisor(supervisor, (text) => narrate('supervisor', text));
    cleanUps.push(close, () => watch.stop());

    let nodeId: string | undefined;
    let registered = 0;
    let onUpdateEnd: ((command: CommandRecord) => void) | undefined;
    const cloudly = await startCloudly(folder, narrate, (event) => {
      if (event.kind === 'node-registered') registered += 1;
      if (event.kind === 'node-registered' && registered === devices && devices > 1) {
        narrate('demo', inviteToRollOut(devices, databasePathIn(folder)));
      }
      if ('nodeId' in event && event.nodeId !== undefined && isFurtherDevice(event.nodeId)) return;
      watch.look();
      narrate('cloudly', describeCloudlyEvent(event));
      if (event.kind === 'node-registered') {
        nodeId = event.nodeId;
        goal.registered();
      }
      if (event.kind === 'command-finished') onUpdateEnd?.(event.command);
    });
    cleanUps.push(() => cloudly.close());

    const joinToken = await createJoinToken(cloudly, devices, narrate);
    const device = join(folder, 'device');
    await mkdir(join(device, 'run'), { recursive: true });
    const variables = deviceVariables({ device, cloudlyUrl: cloudly.url, joinToken, supervisor, address });
    cleanUps.push(await startFurtherDevices({ count: devices - 1, folder, cloudly, joinToken }));
    let acknowledged = 0;
    let isStopping = false;
    let invited: Promise<void> | undefined;
    const invite = async (): Promise<void> => {
      const invitation = await inviteToUpdate({ supervisor, variables, folder });
      if (!isStopping) narrate('demo', invitation);
    };
    const update = async (node: string): Promise<void> => {
      onUpdateEnd = (command) => {
        if (isStopping) return;
        narrate('demo', describeUpdateEnd(command));
        invited = invite();
      };
      const words = await commandUpdate({ supervisor, cloudly, nodeId: node });
      if (!isStopping) narrate('demo', words);
    };
    const baseRunner = startBaseRunner({
      variables,
      onLine: ({ message, isDetail, heartbeatAcknowledged }) => {
        if (!isDetail || heartbeatAcknowledged !== undefined) narrate('node', message);
        if (heartbeatAcknowledged === undefined) return;
        acknowledged += 1;
        goal.heartbeatAcknowledged();
        if (acknowledged === 1) narrate('demo', whereThingsAre(variables));
        if (acknowledged === 2 && heartbeats === undefined && nodeId !== undefined && !isStopping) {
          invited = update(nodeId);
        }
      },
    });
    cleanUps.push(async () => {
      isStopping = true;
      narrate('demo', '\nStopping everything.');
      await baseRunner.stop();
      await invited;
    });
    narrate(
      'demo',
      `Started \`baserunner start\` as process ${baseRunner.pid}; addresses, join token and Supervisor key are in its environment.`,
    );
    await Promise.race([
      aborted(signal).then(() => goal.stop()),
      goal.reached,
      baseRunner.ended.then((how) => {
        throw new DemoFailure(`BaseRunner has stopped: ${how}. Its last messages are above.`);
      }),
    ]);
  } finally {
    for (const cleanUp of cleanUps.toReversed()) await cleanUp();
  }
}

async function startCloudly(
  folder: string,
  narrate: Narrator,
  onHandled: (event: HandlerEvent) => void,
): Promise<StandaloneCloudly> {
  const databasePath = databasePathIn(folder);
  const cloudly = await startStandaloneCloudly({
    databasePath,
    onHandled,
    onError: (error) => narrate('cloudly', `Could not answer: ${String(error)}`),
  });
  narrate('cloudly', `Listens at ${cloudly.url}. Stores its fleet in ${databasePath}.`);
  const { link } = await cloudly.inviteFirst();
  narrate('demo', `See the fleet in a browser: this link makes you its first operator, once.\n${link}`);
  return cloudly;
}

function databasePathIn(folder: string): string {
  return join(folder, 'cloudly', 'cloudly.sqlite');
}

/** A join token for so many devices. */
async function createJoinToken(cloudly: StandaloneCloudly, devices: number, narrate: Narrator): Promise<string> {
  const { joinToken, record } = await cloudly.createJoinToken({ uses: devices, expiresInMs: HOUR_MS });
  const whom = devices === 1 ? 'one new device' : `${devices} new devices`;
  narrate('cloudly', `Created join token ${record.id}, which admits ${whom} within an hour. Stored only its hash.`);
  return joinToken;
}

function whereThingsAre({ BASEOS_STATE_PATH, BASEOS_RUN_PATH }: Readonly<Record<string, string>>): string {
  return (
    '\nThe device is enrolled and alive.\n' +
    `BaseRunner keeps its identity and node token in ${BASEOS_STATE_PATH}; heartbeats do not write to it.\n` +
    `It publishes its state in ${BASEOS_RUN_PATH}, for \`baserunner status\`. It sends a heartbeat every ${HEARTBEAT_INTERVAL_MS / 1000} s.\n`
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
