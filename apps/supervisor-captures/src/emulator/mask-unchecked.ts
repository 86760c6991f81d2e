/**
 * The text without what is not known of an era: Node.js' words for what is not there, how much of an existing file's name an
 * error tells, all variables of an environment, and the version that an answer was written down with.
 */
export function maskUnchecked(text: string): string {
  return text
    .replaceAll(/Cannot read propert(?:y '(\w+)' of (\w+)|ies of (\w+) \(reading '(\w+)'\))/g, typeErrorOf)
    .replace(/(?<=^Unexpected error: TypeError)[\s\S]*/, '')
    .replace(/(?<=Updates are locked: EEXIST)[^"]*/, '')
    .replaceAll(/(?<="env":)\{[^{}]*\}/g, '{}')
    .replaceAll(/(?<="(?:supervisor_)?version":)"\d+\.\d+\.\d+"/g, '"<version>"');
}

function typeErrorOf(_words: string, oldName?: string, oldValue?: string, value?: string, name?: string): string {
  return `<${oldName ?? name} of ${oldValue ?? value}>`;
}
