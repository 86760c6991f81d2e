import { readFileSync } from 'node:fs';

export interface ProtocolRule {
  /** `R-3` */
  number: string;
  text: string;
}

/** PROTOCOL.md of the contracts. */
export const protocolText = readFileSync(new URL('../../../packages/contracts/PROTOCOL.md', import.meta.url), 'utf8');

/** All rules that PROTOCOL.md numbers. */
export const protocolRules: readonly ProtocolRule[] = protocolText
  .split(/\n(?=- \*\*[A-Z]-\d+\*\* |## |\*\*|Held by )/)
  .flatMap((part) => {
    const found = /^- \*\*(?<number>[A-Z]-\d+)\*\* (?<text>[^]+)$/.exec(part)?.groups;
    return found ? [{ number: found['number'] ?? '', text: (found['text'] ?? '').replaceAll(/\s+/g, ' ').trim() }] : [];
  });
