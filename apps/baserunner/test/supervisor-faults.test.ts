import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { describe, expect, it } from 'vitest';
import type { Rig } from './rig.js';
import { useRig } from './use-rig.js';

let rig: Rig;
useRig((opened) => {
  rig = opened;
});

interface Trouble {
  begin: (supervisor: Supervisor) => void;
  end: (supervisor: Supervisor) => void | Promise<unknown>;
  /** What Cloudly hears of it. */
  state: string;
  /** It is over by itself. */
  isShort?: true;
}

const noFault = (supervisor: Supervisor): void => supervisor.setFault('none');

const troubles: Record<string, Trouble> = {
  'that is gone': { begin: (supervisor) => supervisor.setFault('refuse'), end: noFault, state: 'unreachable' },
  'that resets connections': {
    begin: (supervisor) => supervisor.setFault('reset'),
    end: noFault,
    state: 'unreachable',
  },
  'that hangs': { begin: (supervisor) => supervisor.setFault('hang'), end: noFault, state: 'unreachable' },
  'that gives its answer byte by byte': {
    begin: (supervisor) => supervisor.setFault('slow-body'),
    end: noFault,
    state: 'failing',
  },
  'behind a relay that answers 502': {
    begin: (supervisor) => supervisor.setFault('bad-gateway'),
    end: noFault,
    state: 'failing',
  },
  'in whose place a web page answers': {
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
  'that takes the key no more': {
    begin: (supervisor) => void supervisor.rotateApiKey('another_key'),
    end: (supervisor) => void supervisor.rotateApiKey(FIRST_KEY),
    state: 'unauthorized',
  },
};

const FIRST_KEY = 'the_first_key';

describe('a Supervisor', () => {
  it.each(Object.entries(troubles))(
    '%s holds up no heartbeat; each tells what is known, and since when',
    async (_which, { begin, end, state, isShort }) => {
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
      const seenMsAgo = during.map(({ vitals }) => vitals.supervisorSeenMsAgo ?? Number.NaN);
      if (state === 'unreachable' && !isShort) {
        expect(seenMsAgo).toEqual(seenMsAgo.toSorted((a, b) => a - b));
        expect(third.vitals.supervisorSeenMsAgo).toBeGreaterThan(3000);
      } else {
        expect(Math.max(...seenMsAgo)).toBeLessThan(60_000);
      }
      expect(during.map((event) => event.vitals.failedHeartbeats)).toEqual(during.map(() => 0));

      await end(rig.supervisor);
      await rig.event(
        'heartbeat-received',
        (event) => event.status?.supervisor.state === 'available' && event.sequence > third.sequence,
      );
      expect(agent.stderr.match(/ warn .*Supervisor/g)).toHaveLength(1);
      expect(agent.stderr).not.toMatch(/ (warn|error) .*Cloudly/);
      expect(await agent.end()).toEqual({ code: 0, signal: null });
    },
  );
});
