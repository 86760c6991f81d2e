import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSupervisor,
  type ListeningSupervisor,
  type RequestRecord,
  type Supervisor,
  type SupervisorState,
} from '@serve.zone/balena-supervisor-emulator';
import type { Agent, StartAgent } from './agent.js';

const appId = 7;
const serviceName = 'baserunner';
const asks = /^\/v1\/update$|\/restart-service$/;
/** The release that every device runs at first. */
export const oldCommit = 'old';

export interface EmulatedDeviceOptions {
  nodeId: string;
  /** Devices of one site are updated a few at a time. */
  site: string;
  /** Its release waits behind the gate of its agent. */
  isGated: boolean;
  /** Its service `main` does not survive a restart or a new release. */
  isFailing: boolean;
  /** How it runs the agent. */
  startAgent: StartAgent;
}

/** A device: an emulated Supervisor on a socket, and a real agent on a disk of its own. */
export class EmulatedDevice {
  readonly nodeId: string;
  readonly site: string;
  readonly isFailing: boolean;
  readonly #isGated: boolean;
  readonly #folder: string;
  readonly #supervisor: Supervisor;
  readonly #listening: ListeningSupervisor;
  readonly #startAgent: StartAgent;
  readonly #counted = new WeakSet<RequestRecord>();
  readonly #removed = new AbortController();
  #agent: Agent | undefined;
  #askCount = 0;

  static async create(options: EmulatedDeviceOptions): Promise<EmulatedDevice> {
    const folder = await mkdtemp(join(tmpdir(), 'rollout-device-'));
    const lockFiles = join(folder, 'locks');
    await mkdir(lockFiles);
    const supervisor = createSupervisor({
      apps: [{ appId, commit: oldCommit, services: ['main', serviceName] }],
      downloadDurationMs: 300,
      relay: false,
      ...(options.isGated && { lockFiles }),
    });
    return new EmulatedDevice(options, { folder, supervisor, listening: await supervisor.listen() });
  }

  private constructor(
    { nodeId, site, isGated, isFailing, startAgent }: EmulatedDeviceOptions,
    parts: { folder: string; supervisor: Supervisor; listening: ListeningSupervisor },
  ) {
    this.nodeId = nodeId;
    this.site = site;
    this.isFailing = isFailing;
    this.#isGated = isGated;
    this.#startAgent = startAgent;
    this.#folder = parts.folder;
    this.#supervisor = parts.supervisor;
    this.#listening = parts.listening;
    if (isFailing) void this.#breakMain();
  }

  /** The release that it runs. */
  get commit(): string {
    return this.#app.commit;
  }

  /** A release is downloaded and waits behind the gate. */
  get isStaged(): boolean {
    return this.#app.update?.stage === 'blocked';
  }

  /** How often its Supervisor was asked to update the app, or to restart a service. */
  get askCount(): number {
    for (const request of this.#supervisor.requests) {
      if (this.#counted.has(request)) continue;
      this.#counted.add(request);
      if (request.method === 'POST' && asks.test(request.path)) this.#askCount += 1;
    }
    return this.#askCount;
  }

  /** Its Supervisor was asked for a release that it does not run yet. */
  get isUpdating(): boolean {
    return this.askCount > 0 && this.commit === oldCommit;
  }

  /** The cloud has a release. Behind a gate, the Supervisor takes it at once as far as it may; else, when it is asked to. */
  offer(commit: string): void {
    this.#supervisor.releaseAvailable({ commit });
    if (this.#isGated) this.#supervisor.pollCloud();
  }

  async start(cloudlyUrl: string, joinToken: string): Promise<void> {
    this.#agent = await this.#startAgent(this.#env(cloudlyUrl, joinToken));
  }

  async stop(): Promise<void> {
    await this.#agent?.stop();
    this.#agent = undefined;
  }

  async remove(): Promise<void> {
    this.#removed.abort();
    await this.stop();
    await this.#listening.close();
    // An agent that was stopped may still withdraw what it has published.
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  get #app() {
    const [app] = this.#supervisor.state.apps;
    if (!app) throw new Error('The device has no app.');
    return app;
  }

  /** As a program that crashes once it is started again. */
  async #breakMain(): Promise<void> {
    const first = startOfMain(this.#supervisor.state);
    try {
      await this.#supervisor.until((state) => {
        const { update, recreating } = this.#app;
        const isQuiet = update === undefined && recreating === undefined;
        return isQuiet && ![first, undefined].includes(startOfMain(state));
      }, this.#removed.signal);
    } catch {
      return;
    }
    const { globalApiKey } = this.#supervisor;
    await this.#supervisor.fetch(
      new Request(`http://supervisor/v2/applications/${appId}/stop-service?apikey=${globalApiKey}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ serviceName: 'main', force: true }),
      }),
    );
  }

  #env(cloudlyUrl: string, joinToken: string): Record<string, string> {
    const lockFolder = this.#supervisor.lockFolder({ serviceName });
    return {
      BASEOS_CLOUDLY_URL: cloudlyUrl,
      BASEOS_JOIN_TOKEN: joinToken,
      BASEOS_NODE_ID: this.nodeId,
      BASEOS_STATE_PATH: join(this.#folder, 'state.json'),
      BASEOS_RUN_PATH: join(this.#folder, 'run'),
      BASEOS_START_SPREAD_MS: '0',
      BASEOS_HEARTBEAT_INTERVAL_MS: '2000',
      BASEOS_COMMANDS: 'update,restart-service',
      BASEOS_UPDATES: this.#isGated ? 'gated' : 'free',
      BALENA_SUPERVISOR_ADDRESS: this.#listening.address,
      BALENA_SUPERVISOR_API_KEY: this.#supervisor.apiKeyOf({ appId, serviceName }),
      BALENA_APP_ID: String(appId),
      BALENA_SERVICE_NAME: serviceName,
      ...(lockFolder !== undefined && { BALENA_APP_LOCK_PATH: join(lockFolder, 'updates.lock') }),
    };
  }
}

function startOfMain({ apps }: SupervisorState): string | undefined {
  return apps[0]?.containers.find((container) => container.serviceName === 'main')?.startedAt;
}
