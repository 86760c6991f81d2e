import type { Engine, Model } from '../model/model.js';
import { goDown } from '../transitions/power.js';

/** Events on the device. */
export const deviceControls = {
  setEngine(model: Model, _now: number, engine: Engine): Model {
    if (!engines.has(engine)) throw new TypeError(`setEngine: the engine must be one of ${[...engines].join(', ')}.`);
    return { ...model, engine };
  },
  setHostUpdate: (model: Model, _now: number, hostUpdate: boolean): Model => ({ ...model, hostUpdate }),
  restartSupervisor: (model: Model, now: number): Model => (model.outage ? model : goDown(model, 'restart', now)),
};

const engines: ReadonlySet<Engine> = new Set(['running', 'stopped', 'hung']);
