import { describe, expect, test } from 'vitest';
import { recordingOf } from '../../test/recording-of.js';
import { scenesFor } from './situations.js';

function scenesOf(scenario: string, name: string): string[] {
  return scenesFor(recordingOf({ request: 'GET /ping', scenario, name })).map((scene) => scene.name);
}

describe('unambiguous words leave one situation', () => {
  test.each<[scenario: string, name: string, first: string]>([
    ['managed-single: update lock held by service', 'locked reboot', 'main holds its update lock'],
    ['managed-multi: two services', 'restart-service while main holds lock', 'main holds its update lock'],
    ['managed-single: container engine hung (dockerd SIGSTOP)', 'ping', 'the engine hangs'],
    ['managed-single: container engine stopped', 'ping', 'the engine is stopped'],
    ['managed-single: cloud API down', 'ping', 'the cloud goes down'],
    ['managed-single: mutating', 'state status after stop', 'a service stops'],
    ['managed-single: reboot / shutdown accepted', 'shutdown: ping right after', 'after a reboot'],
    ['managed-single: apply in progress holds the app lock', 'stop', 'another operation holds the locks'],
    ['unmanaged local mode: target state set over the API', 'version', 'a local app runs'],
  ])('%s | %s', (scenario, name, first) => {
    const scenes = scenesOf(scenario, name);
    expect(scenes[0]).toBe(first);
    expect(scenes).not.toContain('at rest');
  });
});

test.each([
  ['managed-single', 'device'],
  ['managed-single: update lock held by service', 'start after'],
  ['managed-single: reboot / shutdown accepted', 'reboot force'],
  ['unmanaged, no app yet', 'version'],
])('otherwise the device may be idle: %s | %s', (scenario, name) => {
  expect(scenesOf(scenario, name)[0]).toBe('at rest');
});

test('a device without a cloud is never in a situation that needs one', () => {
  expect(scenesOf('unmanaged', 'cloud down: tags')).toEqual(['at rest']);
});

test('in an unknown scenario, the situation in its name comes first', () => {
  const scenes = scenesOf('rain', 'locked reboot');
  expect(scenes[0]).toBe('main holds its update lock');
  expect(scenes).toContain('at rest');
  expect(new Set(scenes).size).toBe(scenes.length);
});
