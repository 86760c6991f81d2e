export { runProgram } from './run-program.js';
export { startWithSqlite } from './start-with-sqlite.js';
export { runCommandLine, type RunCommandLineOptions } from './run-command-line.js';
export { jsonLines, type JsonLinesOptions } from './json-lines.js';
export { readTextFile } from './read-text-file.js';
export { UsageError } from './usage-error.js';
export { escapeControls } from './escape-controls.js';
export type { ExitCode } from './exit-code.js';
export type { TextStream } from './text-stream.js';
