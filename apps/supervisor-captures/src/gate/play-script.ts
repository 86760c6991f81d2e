import { compareOutcomes } from '../compare/compare-outcomes.js';
import { keys } from '../emulator/recorded-device.js';
import { answerOf } from '../emulator/observe.js';
import type { RecordedOutcome } from '../recordings/recording.js';
import { factsOf, statePaths } from './facts.js';
import type { Origin } from './facts.js';
import { GateDevice } from './gate-device.js';
import { isLook, isUpdate } from './gate-situation.js';
import type { GateEntry, GateSituation } from './gate-situation.js';
import type { RecordedCourse } from './recorded-course.js';
import type { Script } from './scripts.js';

/** How far the emulator gives the recorded answers, in their order: all, or up to the entry with this reason. */
export type Played = { reached: number; why: string | undefined };

/** Plays a situation by a script: what was called is called at its time, and what was seen has to be seen around its time. */
export async function playScript(situation: GateSituation, course: RecordedCourse, script: Script): Promise<Played> {
  const device = new GateDevice(situation.version, course, script);
  await device.prepare();
  return new Playing(situation.entries, course, script, device).run();
}

interface Look {
  atMs: number;
  outcomes: ReadonlyMap<string, RecordedOutcome>;
}

class Playing {
  readonly #entries: readonly GateEntry[];
  readonly #course: RecordedCourse;
  readonly #script: Script;
  readonly #device: GateDevice;
  readonly #recordedOrigin: Origin;
  readonly #ownOrigin: Origin;
  readonly #bootId: string;
  readonly #answers: { entry: GateEntry; outcome: Promise<RecordedOutcome> }[] = [];
  #looks: Look[] = [];
  /** When the last call was made, or the last outage began: here, and in the recording. */
  #anchor: { ownMs: number; recordedMs: number };
  #hasDied = false;

  constructor(entries: readonly GateEntry[], course: RecordedCourse, script: Script, device: GateDevice) {
    this.#entries = entries;
    this.#course = course;
    this.#script = script;
    this.#device = device;
    const imageIds = new Set(course.services.flatMap(({ imageId }) => imageId ?? []));
    this.#recordedOrigin = { containerIds: firstContainerIds(entries), imageIds };
    this.#ownOrigin = { containerIds: new Set(device.app?.containers.map(({ containerId }) => containerId)), imageIds };
    this.#bootId = device.supervisor.state.bootId;
    this.#anchor = { ownMs: device.clock.now(), recordedMs: entries[0]?.atMs ?? 0 };
  }

  async run(): Promise<Played> {
    await this.#look();
    for (const [index, entry] of this.#entries.entries()) {
      const isState = statePaths.some((path) => path === entry.request.path);
      if (isLook(entry) && !isState) this.#send(entry);
      const why = isLook(entry) ? isState && (await this.#await(entry, index)) : await this.#call(entry, index);
      if (why) return { reached: index, why: `at ${entry.atMs / 1000} s: ${why}` };
    }
    return this.#compareAnswers();
  }

  async #call(entry: GateEntry, index: number): Promise<undefined> {
    const dueMs = this.#anchor.ownMs + (entry.atMs - this.#anchor.recordedMs);
    while (this.#device.clock.now() < dueMs) await this.#pass();
    const restMs = this.#device.clock.now() + lateMs;
    while (this.#isAtRestAfter(index) && this.#device.app?.update && this.#device.clock.now() < restMs)
      await this.#pass();
    this.#arrange(entry, index);
    this.#anchor = { ownMs: this.#device.clock.now(), recordedMs: entry.atMs };
    this.#send(entry);
    await this.#pass();
  }

  #send(entry: GateEntry): void {
    const { request } = entry;
    const headers = { ...request.headers, Authorization: `ApiKey ${keys.global}` };
    this.#answers.push({ entry, outcome: answerOf(this.#device.supervisor, { ...request, headers }) });
  }

  // Where nothing is pending right after a call, all was done before it.
  #isAtRestAfter(index: number): boolean {
    const next = this.#entries.slice(index).find(({ request }) => request.path === '/v1/device');
    const isNext = next !== undefined && next.atMs - (this.#entries[index]?.atMs ?? 0) < disorderMs;
    return isNext && next.outcome.kind === 'answer' && next.outcome.body.includes('"update_pending":false');
  }

  /** What the cloud and the services do before an entry. */
  #arrange(entry: GateEntry, index: number): void {
    if (this.#script.opensBefore === index) this.#device.open();
    if (!isUpdate(entry)) return;
    const due = this.#course.targets.find(
      (target) =>
        target.entry > index && !this.#entries.some((other, at) => isUpdate(other) && at > index && at < target.entry),
    );
    const isStaged =
      due !== undefined && this.#device.app?.targetCommit === due.commit && this.#script.staged === 'target';
    if (due && !isStaged) this.#device.offer(due);
    else if (!due && this.#isChangeDue(index)) this.#device.offer(this.#course.targets[0]);
  }

  // A change without a new release is told by the first request alone.
  #isChangeDue(index: number): boolean {
    const isFirst = !this.#entries.slice(0, index).some(isUpdate);
    const hasNewTarget = this.#course.targets.some(({ commit }) => commit !== this.#course.commit);
    return isFirst && !hasNewTarget && this.#script.staged === 'nothing';
  }

  async #await(entry: GateEntry, index: number): Promise<string | undefined> {
    if (entry.outcome.kind === 'no-answer') await this.#die(entry, index);
    else if (this.#script.opensBefore === index) await this.#openHalfway(entry);
    const sinceMs = Math.max(0, entry.atMs - this.#anchor.recordedMs);
    const earliestMs = this.#anchor.ownMs + sinceMs - earlyMs - sinceMs * tolerance;
    const latestMs = this.#anchor.ownMs + sinceMs + lateMs + sinceMs * tolerance;
    for (let from = 0; ; from = this.#looks.length - 1) {
      for (const look of this.#looks.slice(from)) {
        if (look.atMs < earliestMs || !this.#isLike(entry, look)) continue;
        this.#looks = this.#looks.filter(({ atMs }) => atMs >= look.atMs - disorderMs);
        return undefined;
      }
      if (this.#device.clock.now() > latestMs) return this.#difference(entry);
      await this.#pass();
    }
  }

  async #openHalfway(entry: GateEntry): Promise<void> {
    const waitMs = (entry.atMs - this.#anchor.recordedMs) / 2;
    while (this.#device.clock.now() < this.#anchor.ownMs + waitMs) await this.#pass();
    this.#device.open();
  }

  async #die(entry: GateEntry, index: number): Promise<void> {
    const { supervisor, clock } = this.#device;
    if (this.#hasDied || supervisor.state.outage !== undefined) return;
    const dueMs = this.#anchor.ownMs + (entry.atMs - this.#anchor.recordedMs);
    while (clock.now() < dueMs) await this.#pass();
    this.#hasDied = true;
    this.#anchor = { ownMs: clock.now(), recordedMs: entry.atMs };
    if (supervisor.state.outage !== undefined) return;
    const back = this.#entries.slice(index).find(({ outcome }) => outcome.kind === 'answer');
    const downMs = back === undefined ? 10_000 : Math.max(200, back.atMs - entry.atMs - 100);
    if (this.#script.death === 'reboot')
      supervisor.rebootHost({ containersAfterMs: downMs / 2, supervisorAfterMs: downMs });
    else supervisor.killSupervisor({ downMs });
    if (this.#script.death === 'kill' && this.#script.locksWhileAway) this.#device.lock();
    await this.#look();
  }

  async #pass(): Promise<void> {
    const { supervisor, clock } = this.#device;
    await clock.pass(stepMs);
    const { bootId, outage } = supervisor.state;
    const hasBooted = outage === 'reboot' && bootId !== this.#bootId;
    if (hasBooted && this.#script.locksWhileAway && this.#device.app?.locks.length === 0) this.#device.lock();
    await this.#look();
  }

  async #look(): Promise<void> {
    const outcomes = new Map<string, RecordedOutcome>();
    for (const path of statePaths) outcomes.set(path, await this.#get(path));
    this.#looks.push({ atMs: this.#device.clock.now(), outcomes });
  }

  #get(path: string): Promise<RecordedOutcome> {
    const headers = { Authorization: `ApiKey ${keys.global}` };
    return answerOf(this.#device.supervisor, { method: 'GET', path, headers, body: undefined });
  }

  // The words may occur a little earlier than the rest: what several services do has no fixed order.
  #isLike(entry: GateEntry, look: Look): boolean {
    const { path } = entry.request;
    const own = look.outcomes.get(path);
    const recorded = factsOf(path, entry.outcome, this.#recordedOrigin);
    if (own === undefined || recorded === undefined) return recorded === undefined;
    if (entry.outcome.kind === 'no-answer' || own.kind === 'no-answer') return entry.outcome.kind === own.kind;
    if (factsOf(path, own, this.#ownOrigin)?.core !== recorded.core) return false;
    if (compareOutcomes(entry.outcome, own).length > 0) return false;
    const seen = this.#wordsOf(path, look.atMs);
    return [...recorded.words].every((word) => seen.has(word));
  }

  #wordsOf(path: string, untilMs: number): ReadonlySet<string> {
    const seen = new Set<string>();
    for (const { atMs, outcomes } of this.#looks) {
      const outcome = outcomes.get(path);
      if (outcome === undefined || atMs > untilMs) continue;
      factsOf(path, outcome, this.#ownOrigin)?.words.forEach((word) => seen.add(word));
    }
    return seen;
  }

  #difference(entry: GateEntry): string {
    const { path } = entry.request;
    const recorded = factsOf(path, entry.outcome, this.#recordedOrigin);
    const own = this.#looks.map(({ outcomes }) => outcomes.get(path)).flatMap((outcome) => outcome ?? []);
    const cores = new Set(own.map((outcome) => factsOf(path, outcome, this.#ownOrigin)?.core));
    if (!cores.has(recorded?.core)) return `${path}: expected ${recorded?.core}, got ${[...cores].join(', then ')}`;
    const words = this.#wordsOf(path, Infinity);
    const missing = [...(recorded?.words ?? [])].filter((word) => !words.has(word));
    if (missing.length > 0) return `${path}: ${missing.join(', ')} does not occur`;
    const shapes = own.map((outcome) => compareOutcomes(entry.outcome, outcome));
    const [closest = []] = shapes.toSorted((one, other) => one.length - other.length);
    return `${path}: ${closest.length > 0 ? closest.join('; ') : 'not at this time, or in another order'}`;
  }

  async #compareAnswers(): Promise<Played> {
    const { clock } = this.#device;
    for (const { entry, outcome } of this.#answers) {
      const given = await clock.outcomeOf(outcome, patienceMs);
      const differences = given ? compareOutcomes(entry.outcome, given.result) : ['no answer'];
      if (differences.length > 0) {
        const line = `${entry.request.method} ${entry.request.path}`;
        return { reached: this.#entries.indexOf(entry), why: `${line}: ${differences.join('; ')}` };
      }
    }
    return { reached: this.#entries.length, why: undefined };
  }
}

function firstContainerIds(entries: readonly GateEntry[]): ReadonlySet<string> {
  const first = entries.find(
    ({ request, outcome }) => request.path === '/v2/state/status' && outcome.kind === 'answer',
  );
  if (first?.outcome.kind !== 'answer') return new Set();
  const { containers } = JSON.parse(first.outcome.body) as { containers: { containerId: string }[] };
  return new Set(containers.map(({ containerId }) => containerId));
}

const stepMs = 50;
/** How far apart the real and the emulated device may be in time. */
const earlyMs = 2000;
const lateMs = 4000;
const tolerance = 0.35;
/** How far what several services do at the same time may be in another order. */
const disorderMs = 700;
const patienceMs = 60_000;
