/**
 * A text that any message may carry: at most `maxLength` long, without U+0000 and lone surrogates, which the contract
 * forbids. `undefined` where nothing is left.
 */
export function safeText(text: string | undefined, maxLength: number): string | undefined {
  return (
    text
      ?.trim()
      .slice(0, maxLength)
      .replaceAll('\u0000', '\uFFFD')
      .replace(/\p{Surrogate}/gu, '\uFFFD') || undefined
  );
}
