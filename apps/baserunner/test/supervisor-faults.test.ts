import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltCli, buildCli } from './build-cli.js';
import { Rig } from './rig.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

interface Trouble {
  begin: (supervisor: Supervisor) => void;
  end: (supervisor: Supervisor) => void | Promise<unknown>;
  /** What Cloudly hears of it. */
  state: string;
  /** After three more heartbeats, Cloudly hears that the Supervisor has not answered for so long. */
  silentMs?: number;
  /** It ends on its own. */
  isShort?: true;
}

function noFault(supervisor: Supervisor): void {
  return supervisor.setFault('none');
}

const troubles: Record<string, Trouble> = {
  'that is gone': {
    begin: (supervisor) => supervisor.setFault('refuse'),
    end: noFault,
    state: 'unreachable',
    silentMs: 2000,
  },
  'that resets connections': {
    begin: (supervisor) => supervisor.setFault('reset'),
    end: noFault,
    state: 'unreachable',
    silentMs: 2000,
  },
  'that hangs': {
    begin: (supervisor) => supervisor.setFault('hang'),
    end: noFault,
    state: 'unreachable',
    silentMs: 7000,
  },
  'that answers byte by byte': {
    begin: (supervisor) => supervisor.setFault('slow-body'),
    end: noFault,
    state: 'failing',
  },
  'behind a relay that answers 502': {
    begin: (supervisor) => supervisor.setFault('bad-gateway'),
    end: noFault,
    state: 'failing',
  },
  'replaced by a web page': {
    begin: (supervisor) => supervisor.setFault('html'),
    end: noFault,
    state: 'failing',
  },
  'that restarts': {
    begin: (supervisor) => supervisor.restartSupervisor(),
    end: async (supervisor) => supervisor.whenUp(),
    state: 'unreachable',
    isShort: true,
  },
  'that no longer accepts the key': {
    begin: (supervisor) => void supervisor.rotateApiKey('another_key'),
    end: (supervisor) => void supervisor.rotateApiKey(FIRST_KEY),
    state: 'unauthorized',
  },
};

const FIRST_KEY = 'the_first_key';

// A Supervisor that hangs costs the deadline of a read twice: when it begins to hang, and before it is trusted again.
describe.concurrent('a Supervisor', { timeout: 180_000 }, () => {
  test.for(Object.entries(troubles))(
    '%s delays no heartbeat, and each heartbeat says what is known and since when',
    async ([, { begin, end, state, isShort, silentMs = 0 }], { onTestFinished }) => {
      const rig = await Rig.open(cli);
      onTestFinished(async () => rig.close());
      rig.supervisor.rotateApiKey(FIRST_KEY);
      const env = rig.env({ BASEOS_JOIN_TOKEN: await rig.createJoinToken() });
      const agent = rig.start(env);
      await rig.event('heartbeat-received', (event) => event.status?.supervisor.state === 'available');

      begin(rig.supervisor);
      const { sequence } = await rig.event(
        'heartbeat-received',
        (event) => event.status?.supervisor.state === state,
        rig.events.entries.length,
      );
      const third = await rig.event('heartbeat-received', (event) => event.sequence >= sequence + (isShort ? 0 : 3));
      const during = rig.eventsOf('heartbeat-received').filter((event) => event.sequence >= sequence);
      expect(third.vitals.supervisorSeenMsAgo).toBeGreaterThanOrEqual(silentMs);
      expect(during.map((event) => event.vitals.failedHeartbeats)).toEqual(during.map(() => 0));

      await end(rig.supervisor);
      await rig.event(
        'heartbeat-received',
        (event) => event.status?.supervisor.state === 'available' && event.sequence > third.sequence,
      );
      expect(await agent.end()).toEqual({ code: 0, signal: null });
      // On a busy machine, one kind of failure may become another. Each is reported once.
      const states = rig.eventsOf('heartbeat-received').flatMap(({ status }) => status?.supervisor.state ?? []);
      const changes = states.filter((next, index) => index > 0 && next !== states[index - 1] && next !== 'available');
      expect(agent.stderr.match(/ warn .*Supervisor/g)).toHaveLength(changes.length);
      expect(agent.stderr).not.toMatch(/ (warn|error) .*Cloudly/);
    },
  );
});
