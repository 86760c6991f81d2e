import {
  allOf,
  boolean,
  decode,
  literal,
  object,
  oneOf,
  partial,
  record,
  text,
  unknown,
  withDefault,
} from '../validation/codec.js';
import { reportMismatches } from '../validation/report-mismatches.js';
import {
  anyObject,
  configVariables,
  deviceName,
  dockerName,
  environment,
  labels,
  numericIdentifier,
  shortText,
} from '../validation/supervisor-types.js';

/** The target state of a device, in its third format, by the device's UUID. */
export type TargetState = Readonly<Record<string, TargetDevice>>;

export interface TargetDevice {
  name: string;
  config: Readonly<Record<string, string>>;
  /** By the app's UUID, which in local mode is its ID. */
  apps: Readonly<Record<string, TargetApp>>;
}

export interface TargetApp {
  id: number;
  name: string;
  /** By commit; the first counts. */
  releases: Readonly<Record<string, TargetRelease>>;
}

export interface TargetRelease {
  id: number;
  services: Readonly<Record<string, TargetService>>;
  volumes: Readonly<Record<string, unknown>>;
  networks: Readonly<Record<string, unknown>>;
}

export interface TargetService {
  id: number;
  image_id: number;
  image: string;
  environment: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  running?: boolean;
  composition?: Readonly<Record<string, unknown>>;
}

/** The state, or why it is invalid, in the Supervisor's words. */
export type ParsedTargetState = { ok: true; state: TargetState } | { ok: false; message: string };

export function parseTargetState(input: unknown): ParsedTargetState {
  const reading = decode(targetState, input);
  if (reading.ok) return { ok: true, state: reading.value as TargetState };
  return { ok: false, message: ['Invalid target state.', ...reportMismatches(reading.mismatches)].join('\n') };
}

const targetService = allOf([
  object({ id: numericIdentifier, image_id: numericIdentifier, image: shortText, environment, labels }),
  partial({
    running: withDefault(boolean, true),
    contract: anyObject('ContractObject'),
    composition: record(text, unknown),
  }),
]);

const targetRelease = object({
  id: numericIdentifier,
  services: withDefault(record(dockerName, targetService), {}),
  volumes: withDefault(record(dockerName, anyObject('Volume')), {}),
  networks: withDefault(record(dockerName, anyObject('Network')), {}),
});

const targetApp = allOf(
  [
    object({
      id: numericIdentifier,
      name: shortText,
      class: withDefault(oneOf(literal('fleet'), literal('app'), literal('block')), 'fleet'),
      releases: withDefault(record(shortText, targetRelease), {}),
    }),
    partial({ parent_app: shortText, is_host: boolean }),
  ],
  'App',
);

const targetState = record(
  shortText,
  object({ name: deviceName, config: configVariables, apps: record(shortText, targetApp) }),
);
