/** A label has a key and a value by the rules of Kubernetes, so that labels can come from there and go there. */
export const labelLimits = {
  /** Labels of one node. */
  countMax: 32,
  /** The prefix of a key, a DNS name, in characters. */
  prefixMaxLength: 253,
  /** The name of a key, and a value, in characters. */
  nameMaxLength: 63,
} as const;

/** Why this cannot be the key of a label, in a sentence; `undefined` if it can. */
export function labelKeyMistake(key: string): string | undefined {
  const [name = '', prefix, ...rest] = key.split('/').toReversed();
  const isPrefixGood = prefix === undefined || (prefix.length <= labelLimits.prefixMaxLength && dnsName.test(prefix));
  if (isPrefixGood && rest.length === 0 && labelName.test(name)) return undefined;
  return `A label key has ${NAME_RULE}, after an optional prefix such as example.com/`;
}

/** Why this cannot be the value of a label, in a sentence; `undefined` if it can. */
export function labelValueMistake(value: string): string | undefined {
  if (value === '' || labelName.test(value)) return undefined;
  return `A label value has ${NAME_RULE}, or is empty`;
}

/** Why a node cannot have these labels, in a sentence; `undefined` if it can. */
export function labelsMistake(labels: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(labels);
  if (entries.length > labelLimits.countMax) return `A node has at most ${labelLimits.countMax} labels`;
  for (const [key, value] of entries) {
    const mistake = labelKeyMistake(key) ?? labelValueMistake(value);
    if (mistake !== undefined) return mistake;
  }
  return undefined;
}

const NAME_RULE = `1 to ${labelLimits.nameMaxLength} letters, digits, -, _ and ., with a letter or digit at both ends`;

const labelName = /^[\dA-Za-z](?:[\w.-]{0,61}[\dA-Za-z])?$/;
const dnsName = /^[\da-z](?:[\da-z-]{0,61}[\da-z])?(?:\.[\da-z](?:[\da-z-]{0,61}[\da-z])?)*$/;
