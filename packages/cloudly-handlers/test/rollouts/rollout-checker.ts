import { createHash } from 'node:crypto';
import type { FleetEvent } from '../../src/events/fleet-event.js';
import { isTimeUp } from '../../src/fleet/command-end.js';
import type { CommandRecord } from '../../src/fleet/command-record.js';
import { commandState, isCommandOver } from '../../src/fleet/command-state.js';
import type { MemberState } from '../../src/fleet/rollout-states.js';
import { isInScope } from '../../src/selector/matches.js';
import type { RolloutMember } from '../../src/fleet-store/rollout-member.js';
import type { Rollout } from '../../src/fleet-store/rollout.js';
import type { World } from './rollout-world.js';

/** What the events so far say of a rollout. */
interface Replay {
  state: string;
  waveIndex: number;
  waveOverAtMs?: number | undefined;
  isGateOpened: boolean;
  states: Map<string, MemberState>;
}

interface Read {
  rollout: Rollout;
  members: RolloutMember[];
}

/** Where something is not as it must be: the invariant, and what is wrong. */
export class BrokenInvariant extends Error {
  readonly invariant: string;

  constructor(invariant: string, what: string) {
    super(`${invariant}: ${what}`);
    this.invariant = invariant;
  }
}

function requireThat(isSo: boolean, invariant: string, what: string): void {
  if (!isSo) throw new BrokenInvariant(invariant, what);
}

const inFlightStates: ReadonlySet<MemberState> = new Set(['offered', 'running']);
const endedStates: ReadonlySet<MemberState> = new Set(['succeeded', 'failed', 'unknown', 'skipped']);

/**
 * Checks the invariants of rollouts by what the store has, and by what the devices do. It knows nothing of how rollouts are
 * planned.
 */
export function createChecker(world: World, rolloutIds: readonly string[]) {
  const replays = new Map<string, Replay>();
  const before = new Map<string, Read>();
  let position = 0;

  const read = async (id: string): Promise<Read[]> => {
    const fleet = world.store.as({ actor: 'system', nowMs: world.now() });
    const rollout = await fleet.findRollout(id);
    return rollout ? [{ rollout, members: await fleet.listMembers(id, { limit: 10_000 }) }] : [];
  };

  return {
    /** @param isPlanned the whole of a reading was planned and kept in the last action */
    async check({ isPlanned }: { isPlanned: boolean }): Promise<void> {
      const reads = (await Promise.all(rolloutIds.map(read))).flat();
      const commands = new Map<string, CommandRecord[]>();
      for (const { nodeId } of world.devices) commands.set(nodeId, await world.store.listCommands(nodeId, 1000));
      const fleet = world.store.as({ actor: 'system', nowMs: world.now() });
      const events = await fleet.listEvents({ after: position, limit: 10_000 });
      position = events.at(-1)?.position ?? position;

      for (const each of reads) {
        const { id } = each.rollout;
        checkCounts(each);
        checkCommands(world, each, commands);
        checkLimits(each, before.get(id));
        checkFailures(each);
        checkCancelled(each, commands);
        if (isPlanned) await checkOnline(world, each, before.get(id));
        const replay = replays.get(id) ?? newReplay();
        replays.set(id, replay);
        for (const event of events) follow(replay, each, event);
        checkReplay(replay, each);
        before.set(id, each);
      }
      checkHolds(reads);
      checkExecuting(world, reads, commands);
    },
  };
}

function newReplay(): Replay {
  return { state: 'draft', waveIndex: -1, isGateOpened: false, states: new Map() };
}

function checkCounts({ rollout, members }: Read): void {
  for (const [wave, counts] of rollout.counts.entries()) {
    for (const [state, count] of Object.entries(counts)) {
      const rows = members.filter((member) => member.wave === wave && member.state === state).length;
      requireThat(rows === count, 'counts', `wave ${wave} has ${rows} ${state}, and counts ${count}`);
    }
  }
}

/** I1, I5, I7. */
function checkCommands(world: World, { rollout, members }: Read, commands: Map<string, CommandRecord[]>): void {
  for (const { nodeId, isForgotten } of world.devices) {
    const own = (commands.get(nodeId) ?? []).filter(({ rolloutId }) => rolloutId === rollout.id);
    const member = members.find((each) => each.nodeId === nodeId);
    if (!member) {
      requireThat(own.length === 0, 'I7', `${nodeId} is no member and has a command`);
      continue;
    }
    if (isForgotten) continue;
    const open = own.filter((command) => !isCommandOver(commandState(command, world.clock.latestMs)));
    requireThat(open.length <= 1, 'I1', `${nodeId} has ${open.length} open commands`);
    const isCurrent = open.every(({ id }) => id === member.commandId && inFlightStates.has(member.state));
    requireThat(isCurrent, 'I1', `${nodeId} is ${member.state} and has an open command`);
    const expected = Array.from({ length: member.offerCount }, (_, index) => nameOf(rollout.id, nodeId, index + 1));
    const ids = own.map(({ id }) => id).toSorted();
    requireThat(ids.join() === expected.toSorted().join(), 'I5', `${nodeId} has the commands ${ids.join()}`);
    if (member.offerCount > 0) requireThat(member.commandId === expected.at(-1), 'I5', `${nodeId} has another command`);
  }
}

/** A UUID by name, as RFC 9562 says. */
function nameOf(rolloutId: string, nodeId: string, offer: number): string {
  const digest = createHash('sha1')
    .update(Buffer.from(rolloutId.replaceAll('-', ''), 'hex'))
    .update(`${nodeId}/${offer}`)
    .digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** I2: never more than allowed, unless the limit was lowered; then none is added. */
function checkLimits({ rollout, members }: Read, before: Read | undefined): void {
  const { maxInFlight, perGroup } = rollout.limits;
  const inFlight = members.filter(isInFlight);
  const hadInFlight = before?.members.filter(isInFlight) ?? [];
  const isAllowed = inFlight.length <= Math.max(maxInFlight, hadInFlight.length);
  requireThat(isAllowed, 'I2', `${inFlight.length} are in flight, and ${maxInFlight} may be`);
  if (!perGroup || before?.rollout.limits.perGroup?.label !== perGroup.label) return;
  for (const group of new Set(inFlight.map((member) => member.group))) {
    const ofGroup = (member: RolloutMember): boolean => member.group === group;
    const count = inFlight.filter(ofGroup).length;
    const isGroupAllowed = count <= Math.max(perGroup.max, hadInFlight.filter(ofGroup).length);
    requireThat(isGroupAllowed, 'I2', `${count} of ${group} are in flight, and ${perGroup.max} may be`);
  }
}

function isInFlight({ state }: RolloutMember): boolean {
  return inFlightStates.has(state);
}

/** I3: nothing is offered while too many have failed, nor while it is paused or stopped. */
function checkFailures({ rollout, members }: Read): void {
  const { state, limits, waves } = rollout;
  if (state !== 'running') {
    const offered = members.filter((member) => member.state === 'offered');
    requireThat(offered.length === 0, 'I3', `it is ${state}, and ${offered.length} are offered the command`);
    return;
  }
  for (const wave of [...waves.keys(), undefined]) {
    const ofWave = members.filter((member) => wave === undefined || member.wave === wave);
    const failed = ofWave.filter((member) => member.state === 'failed' || member.state === 'unknown').length;
    const ended = failed + ofWave.filter((member) => member.state === 'succeeded').length;
    const isWithin = ofWave.length < limits.failMin ? failed === 0 : isFew(failed, ended, limits);
    requireThat(isWithin, 'I3', `it runs, and ${failed} of ${ended} have failed (wave ${wave ?? 'all'})`);
  }
}

/** I3: what was listed is cancelled, where it does harm or is no longer wanted. */
function checkCancelled({ rollout, members }: Read, commands: Map<string, CommandRecord[]>): void {
  if (rollout.state !== 'stopped' && rollout.pause?.reason !== 'failures') return;
  for (const { nodeId, state, commandId } of members) {
    const command = commands.get(nodeId)?.find(({ id }) => id === commandId);
    const isSpared =
      state === 'running' && command !== undefined && !command.result && command.cancelledAtMs === undefined;
    requireThat(!isSpared, 'I3', `the command of ${nodeId} goes on`);
  }
}

function isFew(failed: number, ended: number, { failMin, failPercent }: Rollout['limits']): boolean {
  return failed < failMin || failed / ended <= failPercent / 100;
}

/** I8: only nodes that are online, in scope and not suspected are offered the command, in the group of their label. */
async function checkOnline(world: World, { rollout, members }: Read, before: Read | undefined): Promise<void> {
  const fleet = world.store.as({ actor: 'system', nowMs: world.now() });
  for (const { nodeId, state, offerCount, group } of members) {
    const offersBefore = before?.members.find((member) => member.nodeId === nodeId)?.offerCount ?? 0;
    if (state !== 'offered' || offerCount === offersBefore) continue;
    const [node] = await fleet.findFleetNodes([nodeId]);
    requireThat(node?.state === 'online', 'I8', `${nodeId} is ${node?.state} and was offered the command`);
    requireThat(node?.facts.isCloneSuspected === false, 'I8', `${nodeId} is suspected and was offered the command`);
    requireThat(isInScope(rollout.scope, node?.labels ?? {}), 'scope', `${nodeId} is out of scope`);
    const { perGroup } = rollout.limits;
    if (perGroup) requireThat(group === (node?.labels[perGroup.label] ?? ''), 'I2', `${nodeId} counts in ${group}`);
  }
}

/** I4, I6, I9: the order in which it was told. */
function follow(replay: Replay, { rollout, members }: Read, event: FleetEvent): void {
  const stateOf = ({ nodeId }: { nodeId: string }): MemberState => replay.states.get(nodeId) ?? 'held';
  const ofWave = (wave: number): RolloutMember[] => members.filter((member) => member.wave === wave);
  if (event.kind === 'command-queued') {
    if (event.details.rolloutId !== rollout.id) return;
    requireThat(replay.state === 'running', 'I6', `it is ${replay.state} and offers its command`);
    if (rollout.window) requireThat(isOpen(event.atMs), 'window', 'it is closed, and the command is offered');
    return;
  }
  if (!('rolloutId' in event.details) || event.details.rolloutId !== rollout.id) return;
  switch (event.kind) {
    case 'rollout-member-moved': {
      const { from, to, wave } = event.details;
      requireThat(from === stateOf(event), 'I9', `${event.nodeId} comes from ${from}, and was ${stateOf(event)}`);
      replay.states.set(event.nodeId, to);
      if (to === 'offered') {
        requireThat(
          wave <= replay.waveIndex,
          'I4',
          `wave ${wave} is offered the command while ${replay.waveIndex} is open`,
        );
      }
      return;
    }
    case 'rollout-started':
      replay.state = 'running';
      return;
    case 'rollout-wave-over': {
      const { wave } = event.details;
      const isOpenEnded = rollout.isDynamic && wave === rollout.waves.length - 1;
      const open = ofWave(wave).filter((member) => stateOf(member) === 'held' || inFlightStates.has(stateOf(member)));
      requireThat(isOpenEnded || open.length === 0, 'I4', `wave ${wave} is over, and ${open.length} have not ended`);
      replay.waveOverAtMs = event.atMs;
      return;
    }
    case 'rollout-gate-opened':
      replay.isGateOpened = true;
      return;
    case 'rollout-wave-begun': {
      const { wave } = event.details;
      requireThat(wave === replay.waveIndex + 1, 'I4', `wave ${wave} begins after wave ${replay.waveIndex}`);
      const previous = rollout.waves[wave - 1];
      if (previous && ofWave(wave - 1).length > 0) {
        const { waveOverAtMs = Infinity, isGateOpened } = replay;
        requireThat(event.atMs >= waveOverAtMs + previous.soakMs, 'I4', `wave ${wave} begins before the soak ends`);
        requireThat(previous.gate === 'auto' || isGateOpened, 'I4', `wave ${wave} begins before its gate is opened`);
        const held = ofWave(wave - 1).filter((member) => stateOf(member) === 'held');
        requireThat(held.length === 0, 'I4', `wave ${wave} begins, and ${held.length} before it are held`);
      }
      Object.assign(replay, { waveIndex: wave, waveOverAtMs: undefined, isGateOpened: false });
      return;
    }
    case 'rollout-paused':
      replay.state = 'paused';
      return;
    case 'rollout-resumed':
      requireThat(replay.state === 'paused', 'I9', `it is resumed while ${replay.state}`);
      replay.state = 'running';
      return;
    case 'rollout-stopped':
      replay.state = 'stopped';
      return;
    case 'rollout-finished': {
      const open = members.filter((member) => !endedStates.has(stateOf(member)));
      requireThat(open.length === 0, 'I9', `it is finished, and ${open.length} have not ended`);
      replay.state = 'finished';
      return;
    }
    default:
  }
}

/** Windows of the histories are open for the first half of each hour, in whole hours from UTC. */
function isOpen(atMs: number): boolean {
  return atMs % 3_600_000 < 1_800_000;
}

/** I9: what was told is what is. */
function checkReplay(replay: Replay, { rollout, members }: Read): void {
  const state = rollout.state === 'starting' ? 'draft' : rollout.state;
  requireThat(replay.state === state, 'I9', `it is ${state}, and was told to be ${replay.state}`);
  if (replay.waveIndex >= 0) requireThat(replay.waveIndex === rollout.waveIndex, 'I9', 'another wave was told');
  for (const { nodeId, state: ofMember } of members) {
    const told = replay.states.get(nodeId) ?? 'held';
    requireThat(told === ofMember, 'I9', `${nodeId} is ${ofMember}, and was told to be ${told}`);
  }
}

/** I1: one rollout at a time has a node. */
function checkHolds(reads: readonly Read[]): void {
  const holders = new Map<string, string>();
  for (const { rollout, members } of reads) {
    for (const { nodeId, isHolding, state } of members) {
      requireThat(isHolding || !inFlightStates.has(state), 'I1', `${nodeId} is ${state}, and not held`);
      requireThat(!isHolding || !endedStates.has(state), 'I1', `${nodeId} is ${state}, and held`);
      const isFree = !isHolding || rollout.state !== 'stopped' || inFlightStates.has(state);
      requireThat(isFree, 'I1', `${nodeId} is held by a rollout that is stopped`);
      if (!isHolding) continue;
      requireThat(!holders.has(nodeId), 'I1', `${nodeId} is held twice`);
      holders.set(nodeId, rollout.id);
    }
  }
}

/** I1 and I2 by what devices do, whatever the store says. What Cloudly has given up on counts no longer. */
function checkExecuting(world: World, reads: readonly Read[], commands: Map<string, CommandRecord[]>): void {
  for (const { rollout, members } of reads) {
    for (const { nodeId, executing, isForgotten } of world.devices) {
      if (isForgotten || executing?.rolloutId !== rollout.id) continue;
      const kept = commands.get(nodeId)?.find(({ id }) => id === executing.id);
      if (!kept || isTimeUp(kept, world.clock.latestMs)) continue;
      const member = members.find((each) => each.nodeId === nodeId);
      const isKnown = member?.commandId === executing.id && inFlightStates.has(member.state);
      requireThat(isKnown, 'I1', `${nodeId} carries out its command, and is ${member?.state}`);
    }
  }
}
