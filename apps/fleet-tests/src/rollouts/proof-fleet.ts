import { setTimeout } from 'node:timers/promises';
import { type Caller, createFleet, createJoinToken, type Fleet } from '@serve.zone/baseos-cloudly-handlers';
import type { Database } from '../database/database.js';
import { CloudlyServer } from '../processes/cloudly-server.js';
import { startAsProcess, startInProcess } from './agent.js';
import { EmulatedDevice } from './emulated-device.js';

export interface ProofFleetOptions {
  /** The built program of the stand-alone Cloudly. */
  cloudlyPath: string;
  /** The built program of BaseRunner. */
  baserunnerPath: string;
  database: Database;
  serverCount: number;
  /** How many agents run in this process. */
  coreCount: number;
  /** How many run as processes of their own. */
  processCount: number;
  siteCount: number;
  /** One device of so many fails to update. */
  failsOneOf: number;
  isGated: boolean;
}

const LOOK_EVERY_MS = 100;

type Store = Awaited<ReturnType<Database['openStore']>>;

/** Real agents on emulated devices, real servers, and an operator. */
export class ProofFleet {
  readonly devices: readonly EmulatedDevice[];
  readonly fleet: Fleet;
  readonly operator: Caller = { actor: 'host:proof', role: 'admin' };
  readonly #store: Store;
  readonly #servers: readonly CloudlyServer[];
  readonly #joinTokens = new Map<string, Promise<string>>();

  static async start(options: ProofFleetOptions): Promise<ProofFleet> {
    const { cloudlyPath, database, serverCount } = options;
    const servers: CloudlyServer[] = [];
    while (servers.length < serverCount) {
      servers.push(await CloudlyServer.start({ cliPath: cloudlyPath, storage: database.storage }));
    }
    const proof = new ProofFleet(await database.openStore(), servers, await createDevices(options));
    await Promise.all(proof.devices.map((device) => proof.startAgent(device)));
    await proof.until(async () => (await proof.count('state:online')) === proof.devices.length);
    return proof;
  }

  private constructor(store: Store, servers: readonly CloudlyServer[], devices: readonly EmulatedDevice[]) {
    this.#store = store;
    this.#servers = servers;
    this.devices = devices;
    this.fleet = createFleet({ store });
  }

  /** Each server has its share of the devices. */
  async startAgent(device: EmulatedDevice): Promise<void> {
    const server = this.#servers[this.devices.indexOf(device) % this.#servers.length];
    await device.start(server?.url ?? '', await this.#joinTokenOf(device.site));
  }

  async count(selector: string): Promise<number> {
    return (await this.fleet.countNodes(this.operator, { selector })).count;
  }

  /** All servers die at once, and are started again. */
  async killServers(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.kill()));
    await Promise.all(this.#servers.map((server) => server.startAgain()));
  }

  /** Looks again and again. */
  async until(isSo: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await isSo())) await setTimeout(LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.remove()));
    await Promise.all(this.#servers.map((server) => server.kill()));
    await this.#store.close();
  }

  #joinTokenOf(site: string): Promise<string> {
    const known = this.#joinTokens.get(site);
    if (known) return known;
    const options = { uses: this.devices.length, labels: { site } };
    const created = createJoinToken(this.#store, options).then(({ joinToken }) => joinToken);
    this.#joinTokens.set(site, created);
    return created;
  }
}

async function createDevices(options: ProofFleetOptions): Promise<EmulatedDevice[]> {
  const { baserunnerPath, coreCount, processCount, siteCount, failsOneOf, isGated } = options;
  const asProcess = startAsProcess(baserunnerPath);
  const numbers = Array.from({ length: coreCount + processCount }, (_, index) => index);
  return Promise.all(
    numbers.map((number) =>
      EmulatedDevice.create({
        nodeId: `device-${String(number).padStart(3, '0')}`,
        site: `site-${number % siteCount}`,
        isGated,
        isFailing: number % failsOneOf === failsOneOf - 1,
        startAgent: number < coreCount ? startInProcess : asProcess,
      }),
    ),
  );
}
