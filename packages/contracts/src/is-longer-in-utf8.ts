/** Whether a text takes more bytes than that in UTF-8. */
export const isLongerInUtf8 = (text: string, maxBytes: number): boolean => {
  // A UTF-16 code unit takes one to three bytes.
  if (text.length > maxBytes) return true;
  if (text.length * 3 <= maxBytes) return false;
  return new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read < text.length;
};
