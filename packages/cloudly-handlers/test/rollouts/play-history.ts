import {
  altering,
  givingUp,
  leavingOutFailed,
  openingGate,
  pausing,
  resuming,
  retryingFailed,
  settingLimits,
  stopping,
} from '../../src/rollouts/alterations.js';
import type { plan } from '../../src/rollouts/plan.js';
import { FIRST, type Happening, type History, rolloutIds } from './any-history.js';
import { createChecker } from './rollout-checker.js';
import { createWorld, INTERVAL_MS, limits, type World } from './rollout-world.js';

/** Plays it, and checks the invariants after each happening. Then all is well for a while, and each rollout must end. */
export async function playHistory(
  { sites, settings: ofRollouts, happenings }: History,
  planner?: typeof plan,
): Promise<void> {
  const world = await createWorld(sites, planner);
  const checker = createChecker(world, rolloutIds);
  for (const [index, each] of ofRollouts.entries()) await world.createRollout(rolloutIds[index] ?? '', each);
  await world.start(FIRST);
  await checker.check({ isPlanned: false });
  for (const happening of happenings) {
    const isPlanned = await play(world, happening);
    await checker.check({ isPlanned });
    if (world.errors.length > 0) throw world.errors[0];
  }
  await endWell(world, checker);
}

async function play(world: World, happening: Happening): Promise<boolean> {
  switch (happening.kind) {
    case 'time-passes':
      await world.pass(happening.ms);
      return false;
    case 'clock-set':
      world.setClock(happening.byMs);
      return false;
    case 'all-beat':
      await world.beatAll();
      return false;
    case 'beat':
      await world.beat(happening.device);
      return false;
    case 'toggle-online':
      world.toggleOnline(happening.device);
      return false;
    case 'begin':
      world.begin(happening.device);
      return false;
    case 'end':
      world.end(happening.device, happening.ending);
      return false;
    case 'all-work':
      await world.work(happening.ending);
      return false;
    case 'relabel':
      await world.relabel(happening.device, { site: happening.site, shop: happening.shop });
      return false;
    case 'forget':
      await world.forget(happening.device);
      return false;
    case 'suspect':
      await world.suspect(happening.device);
      return false;
    case 'cancel':
      await world.cancel(happening.device);
      return false;
    case 'add-device':
      await world.addDevice(happening.site);
      return false;
    case 'pass':
      await world.runPass(happening.server);
      return true;
    case 'go-on':
      await world.goOn(happening.server);
      return false;
    case 'crash':
      world.crash(happening.server);
      return false;
    case 'park':
      await world.park(happening.server, rolloutIds[happening.rollout] ?? '');
      return false;
    case 'start':
      await world.start(rolloutIds[happening.rollout] ?? '', happening.changesMax);
      return true;
    default:
      return operate(world, happening);
  }
}

type Operation = Extract<Happening, { rollout: number }>;

/** What an operator may do in the state that the rollout is in. */
async function operate(world: World, happening: Exclude<Operation, { kind: 'park' | 'start' }>): Promise<boolean> {
  const rolloutId = rolloutIds[happening.rollout] ?? '';
  const found = await world.findRollout(rolloutId);
  if (!found) return false;
  const { state } = found;
  const isBegun = state === 'running' || state === 'paused';
  switch (happening.kind) {
    case 'pause':
      if (isBegun) await world.alter(rolloutId, pausing('operator', 'operator:ada'));
      return isBegun;
    case 'stop':
      if (isBegun || state === 'starting') await world.alter(rolloutId, stopping());
      return isBegun;
    case 'open-gate':
      if (isBegun) await world.alter(rolloutId, openingGate('operator:ada'));
      return isBegun;
    case 'resume':
      if (state === 'paused') await resume(world, rolloutId, happening.failed);
      return state === 'paused';
    case 'set-limits': {
      const { maxInFlight, perSite, failPercent } = happening;
      const others = { ...limits, maxInFlight, failPercent, perGroup: { label: 'site', max: perSite } };
      if (isBegun) await world.alter(rolloutId, settingLimits({ limits: others }));
      return isBegun;
    }
    case 'give-up': {
      const nodeId = world.devices[happening.device % world.devices.length]?.nodeId ?? '';
      if (isBegun) await world.alter(rolloutId, givingUp(nodeId), [{ which: 'named', nodeIds: [nodeId] }]);
      return isBegun;
    }
    default:
      return false;
  }
}

async function resume(world: World, rolloutId: string, failed: 'retry' | 'leave-out' | 'as-they-are'): Promise<void> {
  const alterations = { retry: [retryingFailed()], 'leave-out': [leavingOutFailed()], 'as-they-are': [] };
  await world.alter(rolloutId, altering(...alterations[failed], resuming()), [{ which: 'ended-badly', limit: 1000 }]);
}

/** From now on all devices are online and do what they are asked, and somebody opens gates and resumes. */
async function endWell(world: World, checker: ReturnType<typeof createChecker>): Promise<void> {
  world.clock.nowMs = world.clock.latestMs;
  for (const [index, each] of world.devices.entries()) {
    each.isOnline = true;
    const stored = await world.store.findNode(each.nodeId);
    if (stored?.node.cloneSuspectedAtMs !== undefined) await world.suspect(index);
  }
  for (let rounds = 0; rounds < 300; rounds += 1) {
    const rollouts = (await Promise.all(rolloutIds.map((id) => world.findRollout(id)))).flatMap((found) => found ?? []);
    const going = rollouts.filter(({ state }) => state !== 'draft' && state !== 'finished' && state !== 'stopped');
    if (going.length === 0) return;
    for (const { id, state, pause } of going) {
      if (state === 'running') await world.alter(id, openingGate('operator:ada'));
      if (state === 'paused' && pause?.reason !== 'window') await resume(world, id, 'leave-out');
    }
    await world.runPass(rounds);
    await world.pass(rounds % 7 === 0 ? 21_600_000 : INTERVAL_MS);
    await world.work('succeed');
    await checker.check({ isPlanned: false });
    if (world.errors.length > 0) throw world.errors[0];
  }
  throw new Error(`A rollout does not end: ${await describeOpen(world)}`);
}

async function describeOpen(world: World): Promise<string> {
  const fleet = world.store.as({ actor: 'system', nowMs: world.now() });
  const [open] = await fleet.listRollouts({ isUnsettled: true, limit: 1 });
  const members = await fleet.listMembers(open?.id ?? '', { limit: 1000 });
  const commands = await Promise.all(world.devices.map(({ nodeId }) => world.store.listCommands(nodeId, 3)));
  return JSON.stringify({
    nowMs: world.now(),
    commands,
    open,
    members: members.filter(({ state }) => !['succeeded', 'skipped'].includes(state)),
  });
}
