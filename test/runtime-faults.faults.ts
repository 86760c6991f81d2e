import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { describe, expect, test } from 'vitest';
import { EventLog } from '../apps/baserunner/test/event-log.js';
import { FaultyWay } from '../apps/baserunner/test/faulty-way.js';
import { faultsAfterEnrolment } from '../apps/baserunner/test/named-faults.js';
import { hang, hangAfterHeaders, trickle } from '@serve.zone/baseos-testing/network/socket-faults';
import { root } from '../scripts/published-packages.mjs';
import { installCommand, runtimes } from './runtimes.js';

interface Line {
  level: string;
  message: string;
  code?: string;
}

const program = join(root, 'test/runtime-faults/agent.mjs');

const faults = {
  ...Object.fromEntries(Object.entries(faultsAfterEnrolment).map(([name, { fault }]) => [name, fault])),
  'a server that never answers': hang,
  'a server that stops after its headers': hangAfterHeaders,
  'a body that trickles': trickle,
};

/** Transports distinguish failures as well as they can. None takes one for a verdict. */
const noVerdicts = new Set(['unreachable', 'timeout', 'not-cloudly', 'another-cloudly', 'unavailable', 'rate-limited']);

describe.concurrent.each(runtimes)('the loop on $name', ({ name, executable, flags }) => {
  const installed = existsSync(executable);

  test.skipIf(!installed && !process.env['CI'])(
    `survives every fault in a row, as the same node (needs ${installCommand})`,
    { timeout: 300_000 },
    async () => {
      expect(installed, `${name} is not here: ${installCommand}`).toBe(true);
      await withAgent(executable, flags, async ({ lines, way, statePath }) => {
        await lines.find(isAcknowledgement);
        const stored = await readFile(statePath, 'utf8');
        for (const [fault, strike] of Object.entries(faults)) {
          const from = lines.entries.length;
          way.fail(strike);
          const told = await lines.find((line): line is Line => line.code !== undefined, from);
          const isBounded = way.bytesTakenMax < BYTES_TAKEN_MAX || fault === interimAnswers;
          way.heal();
          await lines.find(isAcknowledgement, lines.entries.indexOf(told));
          const isVerdict = !noVerdicts.has(told.code ?? '');
          const isSameIdentity = (await readFile(statePath, 'utf8')) === stored;
          expect({ fault, isVerdict, isSameIdentity, isBounded }).toEqual({ fault, ...survived });
        }
        expect(lines.entries.filter(({ level }) => level === 'error')).toEqual([]);
      });
    },
  );
});

const survived = { isVerdict: false, isSameIdentity: true, isBounded: true };

const BYTES_TAKEN_MAX = 64 * 1024 * 1024;

/** The fetch of each runtime reads 1xx answers for as long as they come and keeps none: only the deadline ends that there. */
const interimAnswers = 'endless 1xx answers';

function isAcknowledgement(line: Line): line is Line {
  return line.message.startsWith('Cloudly acknowledged');
}

interface RunningAgent {
  lines: EventLog<Line>;
  way: FaultyWay;
  statePath: string;
}

async function withAgent(
  executable: string,
  flags: (folder: string) => string[],
  use: (agent: RunningAgent) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'baseos-runtime-faults-'));
  const cloudly = await startStandaloneCloudly({ port: 0, databasePath: join(folder, 'cloudly', 'fleet.sqlite') });
  const way = await FaultyWay.open(cloudly.url);
  const { joinToken } = await cloudly.createJoinToken({ uses: 1 });
  const statePath = join(folder, 'state', 'state.json');
  const child = spawn(executable, [...flags(folder), program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      BASEOS_CLOUDLY_URL: way.url,
      BASEOS_JOIN_TOKEN: joinToken,
      BASEOS_STATE_PATH: statePath,
      BASEOS_RUN_PATH: join(folder, 'run'),
      BASEOS_HEARTBEAT_INTERVAL_MS: '1000',
    },
  });
  const exited = once(child, 'exit');
  const lines = new EventLog<Line>();
  createInterface(child.stdout).on('line', (line) => lines.add(JSON.parse(line) as Line));
  const ended = exited.then(([code]) => {
    throw new Error(`The agent ended with ${code}.`);
  });
  try {
    await Promise.race([use({ lines, way, statePath }), ended]);
  } finally {
    ended.catch(() => undefined);
    child.kill('SIGKILL');
    await exited;
    await Promise.all([way.close(), cloudly.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}
