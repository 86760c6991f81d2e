import type { Model } from '../model/model.js';

/** An event from cloud, user or hardware: checks its arguments and returns the new model. */
export type Control = (model: Model, now: number, ...given: never[]) => Model;

/** Controls as methods, as tests call them. */
export type Methods<Controls> = {
  [Name in keyof Controls]: Controls[Name] extends (model: Model, now: number, ...given: infer Given) => Model
    ? (...given: Given) => void
    : never;
};

/** Binds controls to the place where the model is kept. */
export function bindControls<Controls extends Readonly<Record<string, Control>>>(
  controls: Controls,
  change: (transition: (model: Model, now: number) => Model) => void,
): Methods<Controls> {
  const methods = Object.entries(controls).map(([name, control]) => [
    name,
    (...given: never[]) => change((model, now) => control(model, now, ...given)),
  ]);
  return Object.fromEntries(methods) as Methods<Controls>;
}
