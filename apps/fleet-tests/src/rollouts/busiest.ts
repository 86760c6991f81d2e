import type { EmulatedDevice } from './emulated-device.js';

const LOOK_EVERY_MS = 50;

/** Counts, by what their Supervisors were asked, how many devices are updated at a time: of all, and of each site. */
export class Busiest {
  all = 0;
  site = 0;
  readonly #devices: readonly EmulatedDevice[];
  readonly #timer: NodeJS.Timeout;

  constructor(devices: readonly EmulatedDevice[]) {
    this.#devices = devices;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const busy = this.#devices.filter(({ isUpdating }) => isUpdating);
    const ofSites = new Map<string, number>();
    for (const { site } of busy) ofSites.set(site, (ofSites.get(site) ?? 0) + 1);
    this.all = Math.max(this.all, busy.length);
    this.site = Math.max(this.site, ...ofSites.values());
  }
}
