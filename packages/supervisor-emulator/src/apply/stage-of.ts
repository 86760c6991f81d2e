import type { App, StageName, Step } from '../model/model.js';

/** The stage of an apply by what it is doing; undefined while nothing is under way. */
export function stageOf({ steps }: App): StageName | undefined {
  const doing = order.find((does) => steps.some((step) => step.does === does));
  return doing && stages[doing];
}

/** The stage between the end of a step and the next look. */
export function stageAfter({ does }: Step): StageName | undefined {
  if (does === 'kill') return 'stopped';
  return does === 'delete' ? 'deleted' : undefined;
}

const stages = {
  download: 'downloading',
  lock: 'downloaded',
  kill: 'stopping',
  delete: 'deleting',
  prepare: 'installing',
  install: 'installing',
  start: 'installed',
  run: 'installed',
} as const satisfies Readonly<Record<Step['does'], StageName>>;

const order = Object.keys(stages) as Step['does'][];
