import { SupervisorClient } from '@serve.zone/balena-supervisor-client';
import {
  createSupervisor,
  ManualClock,
  type Supervisor,
  type SupervisorOptions,
} from '@serve.zone/balena-supervisor-emulator';
import type { CommandRequest } from '@serve.zone/baseos-contracts';
import { actionOf } from '../src/commands/actions/action-of.js';
import type {
  Asked,
  AskNotes,
  CommandAction,
  Prepared,
  SinceAsk,
  Watched,
} from '../src/commands/actions/command-action.js';
import type { DeviceView } from '../src/commands/device/device-view.js';
import { readDeviceView } from '../src/commands/device/read-device-view.js';
import { systemClock } from '../src/ports/clock.js';
import { appId } from './device-views.js';

const never = new AbortController().signal;

/** What a command went through, until it ended or did not begin. */
export interface CommandRun {
  prepared: Prepared;
  asked?: Asked;
  /** The phases on the way, without repetitions. */
  phases: string[];
  reasons: string[];
  last?: Watched;
}

export interface RunOptions {
  /** How many looks it may take. @default 40 */
  looksMax?: number;
  /** @default 3000 */
  lookEveryMs?: number;
  /** What happens before a look. */
  beforeLook?: (look: number) => void;
  /** The answer of the Supervisor is lost, although it carries the call out. */
  loseAnswer?: boolean;
  since?: Partial<SinceAsk>;
}

/** An emulated Supervisor within the process, whose time passes as fast as a test lets it, and an agent's actions on it. */
export class CommandedDevice {
  readonly supervisor: Supervisor;
  readonly clock: ManualClock;
  readonly client: SupervisorClient;
  readonly close: () => Promise<void>;
  own: DeviceView['own'] = { appId, service: 'baserunner' };
  readonly #address: string;

  constructor(parts: Pick<CommandedDevice, 'supervisor' | 'clock' | 'client' | 'close'>, address: string) {
    this.supervisor = parts.supervisor;
    this.clock = parts.clock;
    this.client = parts.client;
    this.close = parts.close;
    this.#address = address;
  }

  static async open(options: SupervisorOptions = {}): Promise<CommandedDevice> {
    const clock = new ManualClock();
    const apps = [{ appId, commit: 'old', services: ['main', 'baserunner'] }];
    const supervisor = createSupervisor({ apps, clock, ...options });
    const { address, close } = await supervisor.listen();
    const { apiKey } = supervisor;
    const client = new SupervisorClient({
      address,
      apiKey,
      appId,
      retry: false,
      fetch: async (input, init) => supervisor.fetch(new Request(input, init)),
    });
    return new CommandedDevice({ supervisor, clock, client, close }, address);
  }

  async look(): Promise<DeviceView> {
    return readDeviceView(
      {
        supervisor: this.client,
        address: this.#address,
        kernelBootId: this.supervisor.state.bootId,
        own: this.own,
      },
      { clock: systemClock, signal: never },
    );
  }

  /** Lets time pass until the Supervisor has answered. */
  async passing<Value>(call: Promise<Value>): Promise<Value> {
    const settled = call.then(
      () => true,
      () => true,
    );
    for (;;) {
      const passed = this.clock.advance(100).then(() => false);
      if (await Promise.race([settled, passed])) return call;
    }
  }

  /** As an agent does it: prepare, ask, and look every three seconds. */
  async run(command: CommandRequest, options: RunOptions = {}): Promise<CommandRun> {
    const action = this.actionFor(command);
    const prepared = action.prepare(command, await this.look());
    if (prepared.kind !== 'ready' && prepared.kind !== 'follow') return { prepared, phases: [], reasons: [] };
    const asked: Asked =
      prepared.kind === 'follow' ? { kind: 'accepted' } : await this.passing(action.ask(command, this.client, never));
    if (asked.kind === 'ended' || asked.kind === 'definite-no') return { prepared, asked, phases: [], reasons: [] };
    const accepted = asked.kind === 'accepted' && options.loseAnswer !== true;
    const followed = await this.follow(command, prepared.notes, { ...options, since: { accepted, ...options.since } });
    return { prepared, asked, ...followed };
  }

  /** Looks every three seconds until the command has ended. */
  async follow(
    command: CommandRequest,
    notes: AskNotes,
    { looksMax = 40, lookEveryMs = 3000, beforeLook, since }: RunOptions,
  ): Promise<Pick<CommandRun, 'phases' | 'reasons' | 'last'>> {
    const action = this.actionFor(command);
    const [phases, reasons]: [string[], string[]] = [[], []];
    const samples: DeviceView[] = [];
    let verifying: { startedMs: number; from: DeviceView } | undefined;
    let [askedMsAgo, lastProgressMsAgo] = [0, 0];
    let last: Watched | undefined;
    for (let look = 0; look < looksMax && last?.kind !== 'ended'; look += 1) {
      beforeLook?.(look);
      await this.clock.advance(lookEveryMs);
      askedMsAgo += lookEveryMs;
      lastProgressMsAgo += lookEveryMs;
      const view = await this.look();
      samples.push(view);
      last = action.watch(command, notes, view, {
        askedMsAgo,
        lastProgressMsAgo,
        accepted: true,
        restarted: false,
        sawOwnStop: false,
        samples: samples.slice(-3),
        verifying: verifying && { sinceMs: askedMsAgo - verifying.startedMs, from: verifying.from },
        ...since,
      });
      if (last.kind === 'ended') break;
      if (last.madeProgress) lastProgressMsAgo = 0;
      verifying = last.phase === 'verifying' ? (verifying ?? { startedMs: askedMsAgo, from: view }) : undefined;
      if (phases.at(-1) !== last.phase) phases.push(last.phase);
      if (last.reason !== undefined && reasons.at(-1) !== last.reason) reasons.push(last.reason);
    }
    return { phases, reasons, ...(last && { last }) };
  }

  /** How often the Supervisor was asked to do something. */
  get asks(): string[] {
    return this.supervisor.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  }

  private actionFor({ kind }: CommandRequest): CommandAction {
    const action = actionOf(kind);
    if (action === undefined) throw new Error(`There is no action for ${kind}.`);
    return action;
  }
}
