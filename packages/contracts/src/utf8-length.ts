/** How many bytes a text takes in UTF-8. */
export const utf8Length = (text: string): number => new TextEncoder().encode(text).byteLength;
