import { isDuration } from '../options/check-service.js';
import type { Engine, Model } from '../model/model.js';
import { goDown } from '../transitions/power.js';

/** How the Supervisor's process dies. */
export interface SupervisorDeath {
  /** Until it answers again; `Infinity`: until `finishReboot()`. @default restartDurationMs */
  downMs?: number;
}

/** How the host reboots. */
export interface HostReboot {
  /** Until the engine starts the containers, in ms. @default 700 ms before the Supervisor answers */
  containersAfterMs?: number;
  /** Until the Supervisor answers; `Infinity`: until `finishReboot()`. @default rebootDurationMs */
  supervisorAfterMs?: number;
}

/** Events on the device. */
export const deviceControls = {
  setEngine(model: Model, _now: number, engine: Engine): Model {
    if (!engines.has(engine)) throw new TypeError(`setEngine: the engine must be one of ${[...engines].join(', ')}.`);
    return { ...model, engine };
  },
  setHostUpdate: (model: Model, _now: number, hostUpdate: boolean): Model => ({ ...model, hostUpdate }),
  restartSupervisor: (model: Model, now: number): Model => (model.outage ? model : goDown(model, 'restart', now)),
  killSupervisor(model: Model, now: number, { downMs }: SupervisorDeath = {}): Model {
    checkDelays('killSupervisor', { downMs });
    if (model.outage) return model;
    return goDown(model, 'restart', now, downMs === undefined ? {} : { downMs });
  },
  rebootHost(model: Model, now: number, { containersAfterMs, supervisorAfterMs: downMs }: HostReboot = {}): Model {
    checkDelays('rebootHost', { containersAfterMs, supervisorAfterMs: downMs });
    if ((containersAfterMs ?? 0) > (downMs ?? Infinity)) {
      throw new TypeError('rebootHost: containersAfterMs must not be later than supervisorAfterMs.');
    }
    const isOff = model.outage !== undefined && model.outage.cause !== 'restart';
    if (isOff) return model;
    const { rebootDurationMs } = model.timings;
    const startMs = containersAfterMs ?? (downMs === Infinity ? rebootDurationMs : undefined);
    return goDown(model, 'reboot', now, {
      ...(startMs === undefined ? {} : { containersAfterMs: startMs }),
      ...(downMs === undefined ? {} : { downMs }),
    });
  },
};

function checkDelays(control: string, delays: Readonly<Record<string, number | undefined>>): void {
  for (const [name, delay = 0] of Object.entries(delays)) {
    if (delay !== Infinity && !isDuration(delay)) {
      throw new TypeError(`${control}: ${name} must be a number of milliseconds, 0 or more.`);
    }
  }
}

const engines: ReadonlySet<Engine> = new Set(['running', 'stopped', 'hung']);
