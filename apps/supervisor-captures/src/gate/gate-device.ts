import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import type {
  AppState,
  ReleaseOffer,
  ServiceOffer,
  ServiceOptions,
  Supervisor,
} from '@serve.zone/balena-supervisor-emulator';
import { appId, keys } from '../emulator/recorded-device.js';
import { VirtualClock } from '../emulator/virtual-clock.js';
import type { CourseService, CourseTarget, RecordedCourse } from './recorded-course.js';
import type { Script } from './scripts.js';

/** An emulated device on which a script is played. */
export class GateDevice {
  readonly supervisor: Supervisor;
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 29));
  readonly #course: RecordedCourse;
  readonly #script: Script;

  constructor(version: string, course: RecordedCourse, script: Script) {
    const { commit, services, appName } = course;
    const [target] = course.targets;
    this.#course = course;
    this.#script = script;
    this.supervisor = createSupervisor({
      clock: this.clock,
      supervisorVersion: version,
      relay: false,
      ipAddress: '',
      apiKey: keys.app,
      globalApiKey: keys.global,
      downloadDurationMs: target?.services[0]?.downloadDurationMs ?? 100,
      apps: [
        {
          appId,
          appName,
          commit: commit ?? target?.commit ?? 'first',
          installed: commit !== undefined,
          services: services.map((service) => this.#runningService(service)),
        },
      ],
    });
  }

  get app(): AppState | undefined {
    return this.supervisor.state.apps[0];
  }

  /** Brings the device to where the situation begins. */
  async prepare(): Promise<void> {
    const { lockedBy, staged, locksWhileAway } = this.#script;
    if (this.#course.commit !== undefined) await this.clock.pass(settledMs);
    if (lockedBy !== undefined && staged !== 'half-installed') this.lock();
    if (staged === 'nothing') return;
    this.offer(staged === 'other' ? undefined : this.#firstTarget);
    this.supervisor.pollCloud();
    if (staged === 'half-installed') {
      await this.#pass(() => (this.app?.containers.length ?? 0) < this.#course.services.length);
      return;
    }
    await this.#pass(() => this.app?.update?.stage === 'blocked' || (locksWhileAway && this.app?.update === undefined));
    await this.clock.pass(settledMs);
    if (this.#course.isRestarted) this.supervisor.restartSupervisor();
    await this.clock.pass(settledMs);
  }

  lock(): void {
    const { lockedBy } = this.#script;
    const { services } = this.#course;
    this.supervisor.lock({ serviceName: lockedBy ?? services.at(-1)?.serviceName ?? 'main' });
  }

  open(): void {
    this.supervisor.unlock();
  }

  /** The cloud wants this target, or some other release. */
  offer(target?: CourseTarget): void {
    const { change, strategy } = this.#script;
    if (change === 'config' && (target === undefined || target.commit === this.#course.commit)) {
      this.supervisor.configAvailable({ RESIN_HOST_CONFIG_gpu_mem: '32' });
      return;
    }
    const commit = target?.commit ?? 'another';
    const isChange = target !== undefined && commit === this.#course.commit;
    const { missing } = this.#course;
    const changed = this.#course.services.find(({ serviceName }) => missing === undefined || serviceName === missing);
    const serviceOf = (service: CourseService): ServiceOffer => ({
      serviceName: service.serviceName,
      ...(isChange && service === changed && { labels: { changed: 'true' } }),
      ...(!isChange && target !== undefined && this.#imageOf(service)),
      ...this.#stopOf(service.serviceName, commit),
      ...(strategy?.serviceName === service.serviceName && { strategy: strategy.strategy }),
      ...(service.downloadDurationMs !== undefined && { downloadDurationMs: service.downloadDurationMs }),
    });
    const services = (isChange ? this.#course.services : (target?.services ?? this.#course.services)).map(serviceOf);
    const offer: ReleaseOffer = { commit, services, downloadDurationMs: 100 };
    this.supervisor.releaseAvailable(isChange && this.#isBack ? { commit } : offer);
  }

  /** The release that is wanted first, or a change of the one that runs. */
  get #firstTarget(): CourseTarget | undefined {
    const { targets, commit } = this.#course;
    return targets.find((target) => target.commit !== commit) ?? targets[0];
  }

  // After another target, the running release is gone back to.
  get #isBack(): boolean {
    const { targets, commit } = this.#course;
    return this.#script.staged === 'other' || targets[0]?.commit !== commit;
  }

  #runningService({ serviceName, imageId, image }: CourseService): ServiceOptions {
    return {
      serviceName,
      ...(imageId !== undefined && { imageId }),
      ...(image !== undefined && { image }),
      ...this.#stopOf(serviceName, this.#course.commit),
    };
  }

  #stopOf(serviceName: string, commit: string | undefined): { stopDurationMs?: number } {
    const { slowStop } = this.#course;
    const isSlow = slowStop?.serviceName === serviceName && slowStop.commit === commit;
    return isSlow ? { stopDurationMs: slowStop.durationMs } : {};
  }

  #imageOf({ serviceName, imageId, image }: CourseService): Partial<ServiceOffer> {
    const running = this.#course.services.find((service) => service.serviceName === serviceName);
    if (running?.image !== undefined && running.image === image) return { image: 'same' };
    return {
      image: this.#script.change === 'names' ? 'same-contents' : 'new',
      ...(imageId !== undefined && imageId !== running?.imageId && { imageId }),
    };
  }

  async #pass(isOver: () => boolean): Promise<void> {
    for (let passedMs = 0; passedMs < longestMs && !isOver(); passedMs += 50) await this.clock.pass(50);
  }
}

const settledMs = 5000;
const longestMs = 60_000;
