/**
 * A key by which versions compare as texts in binary order: as in Semantic Versioning, except that parts that are missing
 * are 0, and that a revision of balenaOS counts: `1.2.10` > `1.2.9`, `0.3.0-rc.1` < `0.3.0`, `6.0.24+rev2` > `6.0.24+rev1`.
 * The version may be part of a name, such as `balenaOS 6.0.24+rev1` or `v1.2`. Empty if there is none.
 */
export function versionKey(text: string): string {
  const [, core, prerelease, build] = versionPattern.exec(text) ?? [];
  if (core === undefined) return '';
  const parts = core.split('.').map(numberKey);
  const significant = parts.slice(0, parts.findLastIndex((part) => part !== numberKey('0')) + 1);
  const revision = /^rev(\d+)/.exec(build ?? '')?.[1];
  // In binary order: '+' < '-' < '.' < digits < letters.
  return [
    ...significant,
    prerelease === undefined ? '.' : `-${prerelease.split('.').map(identifierKey).join('')}`,
    ...(revision === undefined ? [] : ['+', numberKey(revision)]),
  ].join('');
}

const versionPattern =
  /(?:^|[^\dA-Za-z.])v?(\d+(?:\.\d+)*)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+([\dA-Za-z.-]+))?/;

/** A number with fewer digits is the smaller one, so how many there are comes first, as one character. */
function numberKey(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/, '');
  return significant.length < 36 ? `${significant.length.toString(36)}${significant}` : `z${'9'.repeat(35)}`;
}

/** Numbers come before words. What ends a word comes before all that a word may have. */
function identifierKey(identifier: string): string {
  return /^\d+$/.test(identifier) ? `1${numberKey(identifier)}` : `2${identifier}!`;
}
