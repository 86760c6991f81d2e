import { CloudlyServer } from '../src/processes/cloudly-server.js';
import type { Database } from '../src/database/database.js';
import { Program } from '@serve.zone/baseos-testing/processes/program';
import { type AlternatingProxy, startAlternatingProxy } from './alternating-proxy.js';
import { buildBaseRunner, buildCloudly, type BuiltCli } from './build-clis.js';
import { Device } from './device.js';
import { passTimeFlags, passTimeIn } from './pass-time.js';

/** The parts of `node show --json` that these tests check. */
export interface NodeView {
  nodeId: string;
  state: string;
  cloneSuspected: boolean;
  approvalCode: string;
  registeredAt: string;
  rotationDemandedAt?: string;
  currentToken?: { id: string };
  nextToken?: { id: string };
  rivals?: { bootId: string }[];
}

/** Devices, the servers of one Cloudly behind one address, and its operator: all of them the built programs. */
export class Fleet {
  readonly database: Database;
  readonly #baseRunner: BuiltCli;
  readonly #cloudly: BuiltCli;
  readonly #servers: readonly CloudlyServer[];
  readonly #proxy: AlternatingProxy;
  readonly #devices: Device[] = [];

  static async start(database: Database, serverCount: number): Promise<Fleet> {
    const [baseRunner, cloudly] = await Promise.all([buildBaseRunner(), buildCloudly()]);
    const servers: CloudlyServer[] = [];
    while (servers.length < serverCount) {
      const options = { cliPath: cloudly.path, storage: database.storage, nodeFlags: passTimeFlags };
      servers.push(await CloudlyServer.start(options));
    }
    const proxy = await startAlternatingProxy(servers.map(({ url }) => url));
    return new Fleet(database, { baseRunner, cloudly, servers, proxy });
  }

  private constructor(
    database: Database,
    parts: { baseRunner: BuiltCli; cloudly: BuiltCli; servers: readonly CloudlyServer[]; proxy: AlternatingProxy },
  ) {
    this.database = database;
    this.#baseRunner = parts.baseRunner;
    this.#cloudly = parts.cloudly;
    this.#servers = parts.servers;
    this.#proxy = parts.proxy;
  }

  /** Where devices reach Cloudly. */
  get url(): string {
    return this.#proxy.url;
  }

  /** How many requests each server has answered. */
  get answered(): readonly number[] {
    return this.#proxy.answered;
  }

  async addDevice(): Promise<Device> {
    return this.#keep(await Device.create(this.#baseRunner.path, this.url));
  }

  async copyDisk(device: Device): Promise<Device> {
    return this.#keep(await device.copyDisk());
  }

  /** A device that is enrolled and has sent its first heartbeat. */
  async enrol(joinToken?: string): Promise<Device> {
    const device = await this.addDevice();
    device.start(joinToken ?? (await this.joinToken()));
    await device.heartbeats(1);
    return device;
  }

  /** Runs a command beside the servers. */
  async operator(...argv: string[]): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
    const command = new Program([this.#cloudly.path, ...argv, ...this.database.storage]);
    const { code } = await command.exited;
    return { exitCode: code, stdout: command.stdout, stderr: command.stderr };
  }

  /** What a command prints as JSON. */
  async ask(...argv: string[]): Promise<unknown> {
    const { exitCode, stdout, stderr } = await this.operator(...argv, '--json');
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}:\n${stderr}`);
    return JSON.parse(stdout);
  }

  async node(nodeId: string): Promise<NodeView> {
    return (await this.ask('node', 'show', nodeId)) as NodeView;
  }

  async joinToken(...flags: string[]): Promise<string> {
    const { stdout, stderr } = await this.operator('join-token', 'create', '--url', this.url, ...flags);
    const [, joinToken] = /^BASEOS_JOIN_TOKEN=(\S+)$/m.exec(stdout) ?? [];
    if (joinToken === undefined) throw new Error(`There is no join token:\n${stderr}`);
    return joinToken;
  }

  /** More than an hour passes for every server. */
  async passTime(): Promise<void> {
    await Promise.all(this.#servers.map((server) => passTimeIn(server.process)));
  }

  async stopServers(): Promise<void> {
    const exits = await Promise.all(this.#servers.map((server) => server.stop()));
    const failed = exits.find(({ code }) => code !== 0);
    if (failed) throw new Error(`A server ended with ${failed.code ?? failed.signal}`);
  }

  async startServers(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.startAgain()));
  }

  async removeDevices(): Promise<void> {
    await Promise.all(this.#devices.splice(0).map((device) => device.remove()));
  }

  async close(): Promise<void> {
    await this.removeDevices();
    await Promise.all([...this.#servers.map((server) => server.kill()), this.#proxy.close()]);
  }

  #keep(device: Device): Device {
    this.#devices.push(device);
    return device;
  }
}
