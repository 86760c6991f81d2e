import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseTargetState } from './target-state.js';
import { upgradeTarget } from './upgrade-target.js';

const device = { uuid: '3f2a9c1d', name: 'Home' };
const service = { serviceName: 'main', serviceId: 7, imageId: 9, image: 'main:1', environment: {}, labels: {} };
const app = { name: 'app', commit: 'abc', releaseId: '5', services: { 7: service }, volumes: {}, networks: {} };

function body(changes: object): unknown {
  return { local: { name: 'x', config: {}, apps: { 1: { ...app, ...changes } } } };
}

function withService(changes: object): unknown {
  return body({ services: { 7: { ...service, ...changes } } });
}

const at = '3f2a9c1d.apps.1.0.releases.abc';

test.each<[string, unknown, string]>([
  [
    'no image',
    withService({ image: undefined }),
    `Expecting ShortString at ${at}.services.main.0.image but instead got: undefined`,
  ],
  [
    'an image ID that is not a number',
    withService({ imageId: 'x' }),
    `Expecting NumericIdentifier at ${at}.services.main.0.image_id but instead got: "x" (must be be an positive integer)`,
  ],
  [
    'an image ID of another type',
    withService({ imageId: true }),
    `Expecting number at ${at}.services.main.0.image_id.0 but instead got: true\n` +
      `Expecting string at ${at}.services.main.0.image_id.1 but instead got: true`,
  ],
  [
    'an invalid variable name',
    withService({ environment: { 'a-b': '1' } }),
    `Expecting EnvVarName at ${at}.services.main.0.environment.a-b but instead got: "a-b" ` +
      "(needs to start with a letter and may only contain alphanumeric characters plus '_')",
  ],
  [
    'a volume that is not an object',
    body({ volumes: { data: 5 } }),
    `Expecting Volume at ${at}.volumes.data but instead got: 5 (Expected value to be an object of type Volume, got: 5)`,
  ],
  [
    'a service name that Docker does not accept',
    withService({ serviceName: 'a b' }),
    `Expecting LabelName at ${at}.services.a b but instead got: "a b" (only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed)`,
  ],
  [
    'an invalid configuration',
    { local: { name: 'x', config: 5, apps: {} } },
    'Expecting { [K in ConfigVarName]: string } at 3f2a9c1d.config but instead got: 5',
  ],
  [
    'a name of two lines',
    { local: { name: 'a\nb' } },
    String.raw`Expecting DeviceName at 3f2a9c1d.name but instead got: "a\nb" (must not contain newline chars)`,
  ],
  [
    'no name of the app',
    body({ name: undefined }),
    'Expecting ShortString at 3f2a9c1d.apps.1.0.name but instead got: undefined',
  ],
])('%s', (_case, sent, report) => {
  const message = `Invalid target state.\n${report}`;
  expect(parseTargetState(upgradeTarget(sent, device))).toEqual({ ok: false, message });
});

test('an app is parsed with numeric IDs, and with the rest of a service as its composition', () => {
  const parsed = parseTargetState(upgradeTarget(withService({ restart: 'no' }), device));
  expect(parsed).toEqual({
    ok: true,
    state: {
      '3f2a9c1d': {
        name: 'x',
        config: {},
        apps: {
          1: {
            id: 1,
            name: 'app',
            class: 'fleet',
            releases: {
              abc: {
                id: 5,
                services: {
                  main: {
                    id: 7,
                    image_id: 9,
                    image: 'main:1',
                    environment: {},
                    labels: {},
                    running: true,
                    composition: { restart: 'no' },
                  },
                },
                volumes: {},
                networks: {},
              },
            },
          },
        },
      },
    },
  });
});

test.each([{}, [], { local: null }, { local: {} }])('%j targets nothing but the name that the device has', (sent) => {
  const state = { '3f2a9c1d': { name: 'Home', config: {}, apps: {} } };
  expect(parseTargetState(upgradeTarget(sent, device))).toEqual({ ok: true, state });
});

test.each([{ local: { apps: { x: app } } }, { local: { apps: { 1: null } } }, body({ services: { 7: null } })])(
  '%j makes the Supervisor fail',
  (sent) => {
    expect(() => upgradeTarget(sent, device)).toThrow(TypeError);
  },
);

test('an app without a commit has no release, whatever its services are', () => {
  const parsed = parseTargetState(upgradeTarget(body({ commit: undefined, services: 5 }), device));
  expect(parsed).toMatchObject({ ok: true, state: { '3f2a9c1d': { apps: { 1: { releases: {} } } } } });
});

test('any JSON is parsed, rejected with a report, or makes the Supervisor fail', () => {
  const outcomeOf = (sent: unknown): string => {
    try {
      const parsed = parseTargetState(upgradeTarget({ local: sent }, device));
      return parsed.ok ? 'read' : parsed.message;
    } catch (error) {
      return String(error);
    }
  };
  fc.assert(
    fc.property(fc.jsonValue(), (sent) => {
      expect(outcomeOf(sent)).toMatch(
        /^read$|^Invalid target state\.\nExpecting |^TypeError: The target state has nothing/,
      );
    }),
  );
});
