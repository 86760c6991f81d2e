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

/** What a device is to be and to run: state in its third format, by the device's UUID. */
export type TargetState = Readonly<Record<string, TargetDevice>>;

export interface TargetDevice {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** By the app's UUID, which in local mode is its ID. */
  readonly apps: Readonly<Record<string, TargetApp>>;
}

export interface TargetApp {
  readonly id: number;
  readonly name: string;
  /** By commit; the first counts. */
  readonly releases: Readonly<Record<string, TargetRelease>>;
}

export interface TargetRelease {
  readonly id: number;
  readonly services: Readonly<Record<string, TargetService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

export interface TargetService {
  readonly id: number;
  readonly image_id: number;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly running?: boolean;
  readonly composition?: Readonly<Record<string, unknown>>;
}

/** The state, or why it is none, in the Supervisor's words. */
export type ParsedTargetState =
  | { readonly ok: true; readonly state: TargetState }
  | { readonly ok: false; readonly message: string };

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
