import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AppState, ReleaseOffer, ServiceOffer, SupervisorOptions } from '../../src/index.js';
import { startCaller } from '../caller.js';
import type { Caller } from '../caller.js';

const appId = 1_234_567;

/** What the Supervisor tells of an update, in short. */
export interface Told {
  appState: unknown;
  commit: unknown;
  pending: unknown;
  failed: unknown;
  downloaded: unknown;
  /** The running release. */
  release: unknown;
  /** The wanted release. */
  target: unknown;
  updateStatus: unknown;
}

/** A device with two services, of which `agent` can lock the app by a file, on a clock that only tests advance. */
export class GatedDevice implements Disposable {
  readonly caller: Caller;
  readonly #folder: string;

  constructor(options: SupervisorOptions = {}) {
    this.#folder = mkdtempSync(join(tmpdir(), 'gated-device-'));
    this.caller = startCaller({
      apps: [{ appId, commit: 'old', services: ['main', 'agent'] }],
      lockFiles: this.#folder,
      downloadDurationMs: 5000,
      ...options,
    });
  }

  get app(): AppState {
    const [app] = this.caller.supervisor.state.apps;
    if (!app) throw new Error('The device has no app.');
    return app;
  }

  get stage(): string | undefined {
    return this.app.update?.stage;
  }

  /** The containers, as `main Running old`. */
  get containers(): string[] {
    const releaseOf = (imageId: number): string => (imageId <= 959_263 ? 'old' : 'new');
    return this.app.containers
      .map(({ serviceName, status, imageId }) => `${serviceName} ${status} ${releaseOf(imageId)}`)
      .toSorted();
  }

  /** The paths of a service's locks. */
  lockOf(serviceName = 'agent', name = 'updates.lock'): string {
    return join(this.folderOf(serviceName), name);
  }

  folderOf(serviceName: string): string {
    return this.caller.supervisor.lockFolder({ serviceName }) ?? '';
  }

  modeOf(serviceName: string): string {
    return (lstatSync(this.folderOf(serviceName)).mode & 0o7777).toString(8);
  }

  files(serviceName: string): string[] {
    return readdirSync(this.folderOf(serviceName)).toSorted();
  }

  closeGate(serviceName = 'agent'): void {
    writeFileSync(this.lockOf(serviceName), 'mine', { flag: 'wx' });
  }

  openGate(serviceName = 'agent'): void {
    rmSync(this.lockOf(serviceName));
  }

  async offer(services?: (string | ServiceOffer)[], more: Partial<ReleaseOffer> = {}): Promise<void> {
    this.caller.supervisor.releaseAvailable({ commit: 'new', ...(services && { services }), ...more });
    await this.update();
  }

  /** Has a release downloaded behind the closed gate, up to the first refused lock. */
  async stageRelease(services?: (string | ServiceOffer)[], more: Partial<ReleaseOffer> = {}): Promise<void> {
    this.closeGate();
    await this.offer(services, more);
    await this.pass(5300);
  }

  async update(body: object = {}): Promise<void> {
    await this.caller.call('POST /v1/update', body);
  }

  pass(ms: number): Promise<void> {
    return this.caller.clock.advance(ms);
  }

  async told(): Promise<Told> {
    const [device, status, apps] = await Promise.all(
      ['/v1/device', '/v2/state/status', '/v2/applications/state'].map((path) => this.caller.read(path)),
    );
    const app = apps?.['myfleet'] as Record<string, unknown> | undefined;
    return {
      appState: status?.['appState'],
      commit: device?.['commit'],
      pending: device?.['update_pending'],
      failed: device?.['update_failed'],
      downloaded: device?.['update_downloaded'],
      release: status?.['release'],
      target: app?.['commit'],
      updateStatus: app?.['updateStatus'],
    };
  }

  [Symbol.dispose](): void {
    // A service's folder may be left with any mode.
    chmodSync(this.#folder, 0o755);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
