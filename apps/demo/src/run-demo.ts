import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor, type Supervisor } from '@serve.zone/balena-supervisor-emulator';
import type { CommandRecord } from '@serve.zone/baseos-cloudly-handlers';
import {
  type HandlerEvent,
  type StandaloneCloudly,
  startStandaloneCloudly,
} from '@serve.zone/baseos-cloudly-standalone';
import { DemoFailure } from './ending/demo-failure.js';
import { createGoal } from './order/goal.js';
import { inviteToUpdate } from './agent/invite-to-update.js';
import { commandUpdate, describeUpdateEnd } from './operator/command-update.js';
import { createNarrator, type Narrator } from './screen/narrator.js';
import type { DemoOptions } from './order/parse-command-line.js';
import { startBaseRunner } from './agent/start-base-runner.js';
import { describeCloudlyEvent } from './screen/describe-cloudly-event.js';
import { watchSupervisor } from './screen/watch-supervisor.js';

const HEARTBEAT_INTERVAL_MS = 2000;
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
  const { heartbeats, signal } = options;
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
    let onUpdateEnd: ((command: CommandRecord) => void) | undefined;
    const cloudly = await startCloudly(folder, narrate, (event) => {
      watch.look();
      narrate('cloudly', describeCloudlyEvent(event));
      if (event.kind === 'node-registered') {
        nodeId = event.nodeId;
        goal.registered();
      }
      if (event.kind === 'command-finished') onUpdateEnd?.(event.command);
    });
    cleanUps.push(() => cloudly.close());

    const variables = await deviceVariables({ folder, cloudly, address, supervisor, narrate });
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
  const databasePath = join(folder, 'cloudly', 'cloudly.sqlite');
  const cloudly = await startStandaloneCloudly({
    databasePath,
    onHandled,
    onError: (error) => narrate('cloudly', `Could not answer: ${String(error)}`),
  });
  narrate('cloudly', `Listens at ${cloudly.url}. Stores its fleet in ${databasePath}.`);
  return cloudly;
}

/** The variables that a device's configuration and balenaOS would set for BaseRunner. */
async function deviceVariables(options: {
  folder: string;
  cloudly: StandaloneCloudly;
  address: string;
  supervisor: Supervisor;
  narrate: Narrator;
}): Promise<Record<string, string>> {
  const { folder, cloudly, supervisor } = options;
  const { joinToken, record } = await cloudly.createJoinToken({ uses: 1, expiresInMs: HOUR_MS });
  options.narrate(
    'cloudly',
    `Created join token ${record.id}, which admits one new device within an hour. Stored only its hash.`,
  );
  const device = join(folder, 'device');
  await mkdir(join(device, 'run'), { recursive: true });
  const [app] = supervisor.state.apps;
  return {
    BASEOS_CLOUDLY_URL: cloudly.url,
    BASEOS_JOIN_TOKEN: joinToken,
    BASEOS_STATE_PATH: join(device, 'data', 'state.json'),
    BASEOS_RUN_PATH: join(device, 'run'),
    BASEOS_HEARTBEAT_INTERVAL_MS: String(HEARTBEAT_INTERVAL_MS),
    BASEOS_START_SPREAD_MS: '0',
    BASEOS_LOG_FORMAT: 'json',
    BASEOS_LOG_LEVEL: 'debug',
    BALENA_SUPERVISOR_ADDRESS: options.address,
    BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
    BALENA_DEVICE_UUID: randomBytes(16).toString('hex'),
    BALENA_DEVICE_TYPE: 'generic-amd64',
    ...(app && { BALENA_APP_ID: String(app.appId), BALENA_APP_NAME: app.appName }),
    BALENA_SERVICE_NAME: 'baserunner',
  };
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
