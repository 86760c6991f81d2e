import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import { createSupervisor, type Supervisor, type SupervisorOptions } from '@serve.zone/balena-supervisor-emulator';
import {
  commandKinds,
  type CommandRequest,
  type CommandResult,
  type RuntimeStatus,
  type Settings,
} from '@serve.zone/baseos-contracts';
import type { BaseRunner } from '../src/base-runner.js';
import type { JournalContent } from '../src/commands/journal/journal-document.js';
import type { RunnerConfig } from '../src/config/runner-config.js';
import { gateMemoryInProcess } from '../src/gate/gate-memory-file.js';
import type { Clock } from '../src/ports/clock.js';
import { Secret } from '../src/values/secret.js';
import { folderLock, holderOf } from './folder-lock.js';
import { identity, MemoryIdentityStore } from './memory-identity-store.js';
import { simulate } from './simulation.js';
import { VirtualClock } from './virtual-clock.js';
import { commandId, FakeJournal, listed } from './worker-rig.js';

const appId = 7;
const never = new Promise<never>(() => undefined);

/** An emulated device with a real folder for locks, the agent on it, and a Cloudly, in one time that tests advance. */
export class GatedAgent implements Disposable {
  readonly supervisor: Supervisor;
  readonly clock: VirtualClock;
  readonly journal = new FakeJournal();
  readonly results: CommandResult[] = [];
  /** What the newest heartbeat with a status said. */
  status: RuntimeStatus | undefined;
  settings: Settings | undefined;
  /** How long Cloudly takes for an answer. */
  exchangeMs = 0;
  /** How long the Supervisor takes before it looks at a call. */
  callMs: (path: string) => number = () => 0;
  /** Called when an agent has stored its journal, before it goes on. */
  afterStore: (content: JournalContent) => void = () => undefined;
  runner: BaseRunner | undefined;
  readonly #folder: string;
  readonly #memory = gateMemoryInProcess();
  readonly #orders: { number: number; request: CommandRequest }[] = [];
  #kill: (() => void) | undefined;
  #starts = 0;

  constructor({
    clock = new VirtualClock(),
    ...options
  }: Omit<SupervisorOptions, 'clock'> & { clock?: VirtualClock } = {}) {
    this.clock = clock;
    this.#folder = mkdtempSync(join(tmpdir(), 'gated-'));
    this.supervisor = createSupervisor({
      apps: [{ appId, commit: 'old', services: ['main', 'baserunner'] }],
      lockFiles: this.#folder,
      downloadDurationMs: 5000,
      relay: false,
      clock: {
        now: () => clock.wallMs(),
        sleep: async (ms: number, signal: AbortSignal) => {
          await clock.sleep(ms, signal);
          signal.throwIfAborted();
        },
      },
      ...options,
    });
  }

  get lockPath(): string {
    return join(this.supervisor.lockFolder({ serviceName: 'baserunner' }) ?? '', 'updates.lock');
  }

  /** Who holds the lock of the agent's service. */
  get holder(): string | undefined {
    return holderOf(this.lockPath);
  }

  /** A service of the app takes its update lock. */
  lock(serviceName: string): { release: () => void } {
    const path = join(this.supervisor.lockFolder({ serviceName }) ?? '', 'updates.lock');
    writeFileSync(path, '');
    return { release: () => rmSync(path, { force: true }) };
  }

  get app() {
    const [app] = this.supervisor.state.apps;
    if (!app) throw new Error('The device has no app.');
    return app;
  }

  get isStaged(): boolean {
    return this.app.update?.stage === 'blocked';
  }

  /** How often the Supervisor was asked to change something, beside its own polls. */
  get asks(): string[] {
    return this.supervisor.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  }

  /** Starts an agent, as after a start of its container. */
  async start(config: Partial<RunnerConfig> = {}): Promise<void> {
    this.#starts += 1;
    const { clock, supervisor } = this;
    let isDead = false;
    this.#kill = () => (isDead = true);
    const alive = async <Value>(value: Promise<Value>): Promise<Value> => {
      const settled = await value;
      return isDead ? never : settled;
    };
    const ownClock: Clock = {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (durationMs, signal) => (isDead ? never : alive(clock.sleep(durationMs, signal))),
    };
    const client = new SupervisorClient({
      address: 'http://supervisor.example',
      apiKey: supervisor.apiKeyOf({ serviceName: 'baserunner' }),
      appId,
      retry: false,
      fetch: async (input, init) => {
        const request = new Request(input, init);
        const takesMs = this.callMs(new URL(request.url).pathname);
        if (takesMs > 0) await ownClock.sleep(takesMs, request.signal);
        return isDead ? never : alive(supervisor.fetch(request));
      },
    });
    const journal = this.journal.open();
    const take = folderLock(() => this.lockPath, { name: String(this.#starts), isDead: () => isDead });
    const { runner, cloudly } = simulate({
      clock,
      agentClock: ownClock,
      config: {
        device: { uuid: 'abc', appId, serviceName: 'baserunner' },
        startSpreadMs: 0,
        updates: 'gated',
        commands: { kinds: commandKinds, force: true },
        ...config,
      },
      store: new MemoryIdentityStore(identity({ nodeToken: new Secret('stored') }), 'state-file'),
      fraction: 0,
      supervisor: client,
      commandSupervisor: client,
      openJournal: async () => ({
        found: journal.found,
        store: async (content) => {
          if (isDead) return never;
          const stored = await journal.store(content);
          this.afterStore(content);
          return alive(Promise.resolve(stored));
        },
      }),
      takeUpdateLock: async () => (isDead ? never : alive(take())),
      gateMemory: {
        load: async () => this.#memory.load(),
        store: async (memory) => (isDead ? never : this.#memory.store(memory)),
      },
    });
    cloudly.exchangeMs = this.exchangeMs;
    cloudly.onHeartbeat = ({ request }) => {
      if (isDead) return { kind: 'unreachable', reason: 'ENETUNREACH', message: 'no network' };
      if (request.status) this.status = request.status;
      this.results.push(...(request.commandResults ?? []));
      const done = new Set(this.results.map(({ id }) => id));
      const due = this.#orders.filter(({ number }) => !done.has(commandId(number)));
      return cloudly.acknowledged({
        desiredState: {
          commands: due.map(({ number, request: { kind, ...more } }) => listed(number, { kind, ...more })),
          ...(this.settings && { settings: this.settings }),
        },
      });
    };
    this.runner = runner;
    await Promise.all([runner.start(), this.pass(0)]);
  }

  /** As kill -9: nothing of the agent goes on, and its lock stays. */
  kill(): void {
    this.#kill?.();
  }

  /** The cloud has a new release, and the Supervisor learns of it by its own poll. */
  offer(offer: Partial<Parameters<Supervisor['releaseAvailable']>[0]> = {}): void {
    this.supervisor.releaseAvailable({ commit: 'new', ...offer });
    this.supervisor.pollCloud();
  }

  /** The same, until it waits behind the gate. */
  async stage(offer: Partial<Parameters<Supervisor['releaseAvailable']>[0]> = {}): Promise<void> {
    this.offer(offer);
    await this.passUntil(() => this.isStaged, 60_000);
  }

  /** Until a command has its outcome and the gate is closed again. */
  async settle(number: number): Promise<void> {
    await this.passUntil(() => this.outcomeOf(number) !== undefined);
    await this.passUntil(() => this.gate === 'closed');
  }

  /** What the agent says of its gate. */
  get gate(): string | undefined {
    return this.runner?.status().updates?.gate;
  }

  /** Cloudly commands; the number names the command. */
  order(number: number, request: CommandRequest): void {
    this.#orders.push({ number, request });
  }

  outcomeOf(number: number): string | undefined {
    const result = this.results.find(({ id }) => id === commandId(number));
    return result && (result.error ? `${result.outcome}: ${result.error.code}` : result.outcome);
  }

  /** Lets time pass in small steps, so that every exchange is over before the next step. */
  async pass(durationMs: number): Promise<void> {
    for (let leftMs = durationMs; leftMs >= 0; leftMs -= stepMs) {
      await this.clock.advance(Math.min(stepMs, leftMs));
      for (let turns = 0; turns < 4; turns += 1) await new Promise((resolve) => void setImmediate(resolve));
    }
  }

  async passUntil(isOver: () => boolean, maxMs = 10 * 60_000): Promise<void> {
    for (let passedMs = 0; !isOver(); passedMs += stepMs) {
      if (passedMs > maxMs) throw new Error(`It did not happen within ${maxMs} ms.`);
      await this.pass(stepMs);
    }
  }

  [Symbol.dispose](): void {
    this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const stepMs = 250;
