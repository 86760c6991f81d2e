import { Secret } from '../values/secret.js';
import type { ConfigMistake } from './config-mistake.js';
import { mayBeSecret } from './may-be-secret.js';
import { exactly, filePath, type ParseValue, secretText } from './parse-value.js';
import { pathProblem } from './path-problem.js';
import type { ValueSource } from './runner-config.js';
import type { Setting } from './setting.js';
import { variables } from './variables.js';

/** As `process.env` is: names to values, where `undefined` counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Gives at most so many bytes of a file as text, or throws. */
export type ReadFile = (path: string, maxBytes: number) => string;

const SECRET_FILE_MAX_BYTES = 64 * 1024;

/** Takes values out of an environment one by one and gathers what is wrong with them. */
export class EnvironmentReader {
  readonly mistakes: ConfigMistake[] = [];
  readonly sources: Record<string, ValueSource> = {};
  readonly #environment: Environment;
  readonly #readFile: ReadFile;

  constructor(environment: Environment, readFile: ReadFile) {
    this.#environment = environment;
    this.#readFile = readFile;
  }

  /** The value of a setting; where it is unset or unusable, undefined. */
  read(setting: Setting): unknown {
    const { parse, whitespace, fileMaxBytes } = setting;
    if (parse === undefined) return this.#secret(setting);
    if (fileMaxBytes !== undefined) return this.#fileContent(setting, parse, fileMaxBytes);
    return this.#value(setting, whitespace === 'harmless' ? parse : exactly(parse));
  }

  #value<Value>(setting: Setting, parse: ParseValue<Value>): Value | undefined {
    const { text, readName } = this.#find(setting);
    this.sources[setting.name] = text !== undefined ? 'environment' : setting.default ? 'default' : 'unset';
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    const shown = mayBeSecret(text, this.#secretTexts()) ? 'set to a value not shown here' : quote(text);
    this.#invalid({ ...setting, readName }, `${readName} is ${shown}, ${parsed.problem}.`);
    return undefined;
  }

  /** The value of a secret's variable, or of the file that its `_FILE` form names. */
  #secret(setting: Setting): Secret | undefined {
    const { name } = setting;
    const { text, readName } = this.#find(setting);
    const pathVariable = `${name}_FILE`;
    const path = this.text(pathVariable);
    this.sources[name] = text !== undefined ? 'environment' : path !== undefined ? 'file' : 'unset';
    if (text !== undefined && path !== undefined) {
      this.mistakes.push({
        code: 'settings-exclusive',
        variable: name,
        message: `${readName} and ${pathVariable} are both set.`,
        remedy: `Remove ${readName} or ${pathVariable}.`,
      });
      return undefined;
    }
    if (text !== undefined) return this.#asSecret(text, { ...setting, readName }, readName);
    return path === undefined ? undefined : this.#secretFromFile(setting, pathVariable, path);
  }

  /** The content of the file that a variable names; undefined if the path or the content cannot be used. */
  #fileContent<Value>(setting: Setting, parse: ParseValue<Value>, maxBytes: number): Value | undefined {
    const path = this.#value(setting, exactly(filePath));
    if (path === undefined) return undefined;
    const place = `${setting.name} names the file ${quote(path)}`;
    const content = this.#contentOf(path, maxBytes + 1);
    if (!content.ok) {
      this.#unusableFile(setting, `${place}, which cannot be read (${content.reason}).`);
      return undefined;
    }
    if (content.text.length > maxBytes) {
      this.#unusableFile(setting, `${place}, which is too large.`);
      return undefined;
    }
    const parsed = parse(content.text);
    if (parsed.ok) return parsed.value;
    this.#invalid(setting, `${place}, ${parsed.problem}.`);
    return undefined;
  }

  /** The text of a variable; an empty one counts as unset. */
  text(name: string): string | undefined {
    return Object.hasOwn(this.#environment, name) ? this.#environment[name] || undefined : undefined;
  }

  #invalid(setting: Expectation, message: string): void {
    this.mistakes.push(mistakeOf('setting-invalid', setting, message));
  }

  #unusableFile(setting: Expectation, message: string, details: Pick<ConfigMistake, 'isTakenAway'> = {}): void {
    this.mistakes.push({ ...mistakeOf('setting-file-unusable', setting, message), ...details });
  }

  #secretTexts(): string[] {
    const names = variables.flatMap((variable) =>
      variable.secret ? [variable.name, variable.formerName ?? variable.name] : [],
    );
    return names.flatMap((name) => this.text(name) ?? []);
  }

  #find({ name, alsoLowerCase, formerName }: Setting): { text: string | undefined; readName: string } {
    const names = [...(alsoLowerCase ? [name.toLowerCase()] : []), name, ...(formerName ? [formerName] : [])];
    const readName = names.find((candidate) => this.text(candidate) !== undefined) ?? name;
    return { text: this.text(readName), readName };
  }

  #secretFromFile(setting: Setting, pathVariable: string, path: string): Secret | undefined {
    const expectation = {
      name: pathVariable,
      expected: `the absolute path of a file that holds the value of ${setting.name}`,
    };
    const problem = pathProblem(path);
    if (problem !== undefined) {
      this.#invalid(
        expectation,
        `${pathVariable} is set to a value not shown here, because it may be the secret itself. The value ${problem}.`,
      );
      return undefined;
    }
    const place = `The file ${quote(path)} of ${pathVariable}`;
    const content = this.#contentOf(path, SECRET_FILE_MAX_BYTES);
    if (content.ok && content.text !== '') return this.#asSecret(content.text, setting, place);
    const isTakenAway = content.ok || content.reason === 'ENOENT';
    this.#unusableFile(expectation, `${place} ${content.ok ? 'is empty' : `cannot be read (${content.reason})`}.`, {
      ...(isTakenAway && { isTakenAway }),
    });
    return undefined;
  }

  #asSecret(text: string, setting: Expectation, place: string): Secret | undefined {
    const parsed = secretText(text);
    if (parsed.ok) return new Secret(parsed.value);
    this.#invalid(setting, `${place} ${parsed.problem}.`);
    return undefined;
  }

  #contentOf(path: string, maxBytes: number): { ok: true; text: string } | { ok: false; reason: string } {
    try {
      return { ok: true, text: this.#readFile(path, maxBytes).replace(/[\r\n]+$/, '') };
    } catch (error) {
      // A message of the system may quote anything; its code does not.
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      return { ok: false, reason: code === 'EFTYPE' && error instanceof Error ? error.message : code };
    }
  }
}

/** `readName` is the name under which the variable is set, if it is another one. */
type Expectation = Pick<Setting, 'name' | 'expected'> & { readName?: string };

function mistakeOf(
  code: ConfigMistake['code'],
  { name, expected, readName = name }: Expectation,
  message: string,
): ConfigMistake {
  return { code, variable: name, expected, message, remedy: `Set ${readName} to ${expected}.` };
}

const QUOTED_MAX_LENGTH = 80;

/** A value on one line, shortened. */
export function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_MAX_LENGTH ? `${text.slice(0, QUOTED_MAX_LENGTH)}...` : text);
}
