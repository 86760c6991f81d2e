import { join } from 'node:path';
import type { Supervisor } from '@serve.zone/balena-supervisor-emulator';
import { ShownBootId } from '@serve.zone/baseos-testing/processes/shown-boot-id';
import type { CommandedDevice } from './commanded-device.js';

/** What a device whose power goes off and comes back shows of it to the programs that then start. */
export class PowerOfDevice {
  readonly #supervisor: Supervisor;
  readonly #shown: ShownBootId;
  #bootId: string;

  /** Nothing where this machine cannot show programs another boot ID: then no agent sees a reboot. */
  static of(supervisor: Supervisor, folder: string): PowerOfDevice | undefined {
    return ShownBootId.isPossible() ? new PowerOfDevice(supervisor, folder) : undefined;
  }

  private constructor(supervisor: Supervisor, folder: string) {
    this.#supervisor = supervisor;
    this.#bootId = supervisor.state.bootId;
    this.#shown = new ShownBootId(join(folder, 'boot-id'), this.#bootId);
  }

  get enter(): readonly string[] {
    return this.#shown.enter;
  }

  /** Resolves when the device was off and is back. Somebody switches it on after a shutdown. */
  async back(): Promise<void> {
    const { outage } = await this.#supervisor.until((state) => state.outage !== undefined || this.#isBack());
    if (outage === 'shutdown') await this.#supervisor.finishReboot();
    await this.#supervisor.until(() => this.#isBack());
    this.#bootId = this.#supervisor.state.bootId;
    this.#shown.change(this.#bootId);
  }

  /** The same with a device whose agent is running: it goes off with the device, and starts with it. */
  async cycled(device: CommandedDevice): Promise<void> {
    await this.#supervisor.until((state) => state.outage !== undefined || this.#isBack());
    await device.kill();
    await this.back();
    device.start();
  }

  #isBack(): boolean {
    const { bootId, outage } = this.#supervisor.state;
    return bootId !== this.#bootId && outage === undefined;
  }
}
