import { createHash } from 'node:crypto';
import { BaseRunner } from '../src/base-runner.js';
import type { Logger } from '../src/ports/logger.js';
import { FakeCloudly } from './fake-cloudly.js';
import { fakeSupervisor } from './fake-supervisor.js';
import { identity, MemoryIdentityStore, nodeId } from './memory-identity-store.js';
import { seededRandomness } from './seeded-randomness.js';
import { simulatedConfig, simulatedMachine } from './simulation.js';
import { anyWeather, fairWeather, type Spell } from './soak-weather.js';
import { VirtualClock } from './virtual-clock.js';
import { VirtualWatchdog } from './virtual-watchdog.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export interface SoakOptions {
  seed: number;
  days: number;
  /** At the end of each day. */
  onDay?: (() => void) | undefined;
}

export interface SoakReport {
  spells: number;
  restarts: number;
  calls: number;
  logLines: number;
  /** SHA-256 of every call and every line of the log, with its time: the same seed gives the same. */
  trace: string;
  /** Violations by the agent; empty if all is well. */
  faults: string[];
}

/** A real BaseRunner in simulated days, with random conditions from a seed, and six calm hours at the end. */
export async function runSoak({ seed, days, onDay }: SoakOptions): Promise<SoakReport> {
  const clock = new VirtualClock();
  const cloudly = new FakeCloudly(clock);
  const supervisor = fakeSupervisor();
  const store = new MemoryIdentityStore(identity(), 'generated');
  const watchdog = new VirtualWatchdog(clock);
  const weather = seededRandomness(seed);
  const trace = createHash('sha256');
  const faults = new Set<string>();
  const counts = { spells: 0, restarts: 0, calls: 0, logLines: 0 };
  const { signal: unending } = new AbortController();
  let spell: Spell = fairWeather(30 * minute);

  const record = (...what: unknown[]): void => void trace.update(`${JSON.stringify([clock.monotonicMs(), ...what])}\n`);
  const recordLine = (level: string) => (message: string) => {
    counts.logLines += 1;
    record(level, message);
    if (message.includes('defect of')) faults.add(message);
  };
  const logger: Logger = {
    error: recordLine('error'),
    warn: recordLine('warn'),
    info: recordLine('info'),
    debug: recordLine('debug'),
    setLevel: (level) => record('level', level),
  };

  cloudly.onRegister = ({ request }) => {
    counts.calls += 1;
    record('register', request);
    if (request.nodeId !== nodeId) faults.add('It registered as another node.');
    return spell.register;
  };
  cloudly.onHeartbeat = ({ request, nodeToken }) => {
    counts.calls += 1;
    record('heartbeat', request, nodeToken);
    if (request.nodeId !== nodeId) faults.add('It sent the heartbeat of another node.');
    if (nodeToken === 'of-a-stranger') faults.add('It used the token of another Cloudly.');
    return spell.heartbeat;
  };
  supervisor.behave = async () => {
    if (spell.supervisor === 'fails') throw new Error('The Supervisor answers with 500.');
    if (spell.supervisor === 'hangs') await clock.sleep(hour, unending);
    if (spell.supervisor === 'changes') supervisor.deviceAnswer.updatePending = weather.fraction() < 0.5;
  };
  const update = store.update.bind(store);
  Object.assign(store, {
    update: async (change: Parameters<typeof update>[0]) => {
      if (spell.disk === 'stalls') await clock.sleep(5 * minute, unending);
      return update(change);
    },
  });

  const start = async (): Promise<BaseRunner> => {
    const runner = new BaseRunner({
      config: simulatedConfig(),
      openIdentity: async () => store,
      connector: cloudly,
      supervisor,
      machine: simulatedMachine(clock),
      clock,
      watchdog,
      randomness: seededRandomness(seed + 1 + counts.restarts),
      logger,
    });
    await runner.start();
    return runner;
  };
  const stop = async (runner: BaseRunner): Promise<void> => {
    const stopped = runner.stop();
    await clock.advance(2000);
    await stopped;
  };
  const pass = async (runner: BaseRunner): Promise<BaseRunner> => {
    counts.spells += 1;
    cloudly.exchangeMs = spell.exchangeMs;
    store.failure = spell.disk === 'fails' ? 'The disk is full.' : undefined;
    clock.jumpWall(spell.wallJumpMs);
    if (spell.isRestart) {
      await stop(runner);
      counts.restarts += 1;
      store.source = 'state-file';
    }
    const running = spell.isRestart ? await start() : runner;
    await clock.advance(spell.durationMs);
    cloudly.registers.length = 0;
    cloudly.heartbeats.length = 0;
    return running;
  };

  let runner = await pass(await start());
  for (let today = 1; today <= days; today += 1) {
    const endMs = today * day - (today === days ? 6 * hour : 0);
    while (clock.monotonicMs() < endMs) {
      spell = anyWeather(weather);
      spell.durationMs = Math.min(spell.durationMs, endMs - clock.monotonicMs());
      runner = await pass(runner);
    }
    if (today === days) break;
    onDay?.();
  }

  spell = fairWeather(6 * hour);
  runner = await pass(runner);
  onDay?.();
  const { state, connectivity } = runner.status().cloudly;
  if (state !== 'registered' || connectivity !== 'connected') faults.add(`It ended ${state} and ${connectivity}.`);
  if (cloudly.mostAtOnce !== 1) faults.add(`${cloudly.mostAtOnce} calls were under way at once.`);
  if (watchdog.hasBitten) faults.add('A watchdog would have taken it for hung.');
  await stop(runner);
  // Hung Supervisor calls end on their own.
  await clock.advance(hour);
  if (clock.sleeping > 0) faults.add(`${clock.sleeping} waits were left when it had stopped.`);
  return { ...counts, trace: trace.digest('hex'), faults: [...faults] };
}
