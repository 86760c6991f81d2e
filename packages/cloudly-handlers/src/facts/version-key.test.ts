import { array, assert, constantFrom, nat, oneof, option, property, record, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { versionKey } from './version-key.js';

interface Version {
  core: number[];
  prerelease: (string | number)[] | null;
}

const version = record({
  core: array(oneof(nat(12), nat(99_999)), { minLength: 3, maxLength: 3 }),
  prerelease: option(
    array(
      oneof(nat(120), constantFrom('rc', 'rc1', 'alpha', 'a-b', 'B'), stringMatching(/^[A-Za-z-][\dA-Za-z-]{0,4}$/)),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
  ),
});

describe('keys of versions', () => {
  test('order as Semantic Versioning does', () => {
    assert(
      property(version, version, (one, other) => {
        const order = Math.sign(compareVersions(one, other));
        expect(compareTexts(versionKey(textOf(one)), versionKey(textOf(other)))).toBe(order);
        expect(
          compareTexts(versionKey(textOf(one)), versionKey(textOf({ ...one, prerelease: other.prerelease }))),
        ).toBe(Math.sign(comparePrereleases(one.prerelease, other.prerelease)));
      }),
    );
  });

  test.each([
    ['1.2.9', '1.2.10'],
    ['0.3.0-rc.1', '0.3.0'],
    ['0.3.0-rc.2', '0.3.0-rc.10'],
    ['0.3.0', '0.3.1-rc.1'],
    ['1.2', '1.2.1'],
    ['9.9', 'v10'],
    ['balenaOS 6.0.24', 'balenaOS 6.0.24+rev1'],
    ['balenaOS 6.0.24+rev9', 'balenaOS 6.0.24+rev10'],
    ['balenaOS 6.0.24+rev10', 'balenaOS 6.0.25'],
    ['0.0.0', '0.0.1'],
    ['1.99999999999999999999', '1.100000000000000000000'],
  ])('%s comes before %s', (earlier, later) => {
    expect(compareTexts(versionKey(earlier), versionKey(later))).toBe(-1);
  });

  test.each([
    ['1.2', '1.2.0'],
    ['v1.2.3', '1.2.3'],
    ['balenaOS 6.0.24+rev1', '6.0.24+rev1'],
    ['Alpine Linux v3.19', '3.19.0'],
    ['Ubuntu 22.04.3 LTS', '22.4.3'],
    ['OS2 4.5', '4.5'],
    ['1.2.3+build.5', '1.2.3'],
  ])('of %s and %s are the same', (one, other) => {
    expect(versionKey(one)).toBe(versionKey(other));
  });

  test('are empty without a version, and never with one', () => {
    expect(['', 'unknown', 'OS2', 'v'].map(versionKey)).toEqual(['', '', '', '']);
    expect(versionKey('0')).not.toBe('');
  });

  test('stay short', () => {
    expect(versionKey('1'.repeat(10_000)).length).toBeLessThan(50);
    expect(versionKey('1.'.repeat(128)).length).toBeLessThan(600);
  });
});

function textOf({ core, prerelease }: Version): string {
  return core.join('.') + (prerelease ? `-${prerelease.join('.')}` : '');
}

/** https://semver.org/#spec-item-11 */
function compareVersions(one: Version, other: Version): number {
  for (const [index, number] of one.core.entries()) {
    const difference = number - (other.core[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(one.prerelease, other.prerelease);
}

function comparePrereleases(one: Version['prerelease'], other: Version['prerelease']): number {
  if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1);
  for (const [index, identifier] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    if (identifier === against) continue;
    if (typeof identifier === 'number') return typeof against === 'number' ? identifier - against : -1;
    return typeof against === 'number' ? 1 : compareTexts(identifier, against);
  }
  return one.length - other.length;
}

/** In binary order, as both databases do. */
function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
