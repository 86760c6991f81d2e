import { isAbsolute } from 'node:path';
import { Secret } from '../secret.js';
import type { ConfigMistake } from './config-mistake.js';
import { hasTokenPrefix, mayBeSecret } from './may-be-secret.js';
import { type ParseValue, secretText } from './parse-value.js';
import type { ValueSource } from './runner-config.js';
import { type Variable, type VariableName, variables } from './variables.js';

/** As `process.env` is: names to values, where `undefined` counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Takes values out of an environment one by one and gathers what is wrong with them. */
export class EnvironmentReader {
  readonly mistakes: ConfigMistake[] = [];
  readonly sources: Record<string, ValueSource> = {};
  readonly #environment: Environment;
  readonly #readFile: (path: string) => string;

  constructor(environment: Environment, readFile: (path: string) => string) {
    this.#environment = environment;
    this.#readFile = readFile;
  }

  /** The value of a variable; where it is unset or unusable, undefined. */
  value<Value>(name: VariableName, parse: ParseValue<Value>): Value | undefined {
    const { text, variable, readName } = this.#find(name);
    this.sources[name] = text !== undefined ? 'environment' : variable.default === undefined ? 'unset' : 'default';
    if (text === undefined) return undefined;
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    const shown = mayBeSecret(text, this.#secretTexts()) ? 'set to a value not shown here' : quote(text);
    this.mistake(variable, `${readName} is ${shown}, ${parsed.problem}`);
    return undefined;
  }

  /** The value of a secret's variable, or of the file that its `_FILE` form names. */
  secret(name: VariableName): Secret | undefined {
    const { text, variable, readName } = this.#find(name);
    const pathVariable = `${name}_FILE`;
    const path = this.text(pathVariable);
    this.sources[name] = text !== undefined ? 'environment' : path !== undefined ? 'file' : 'unset';
    if (text !== undefined && path !== undefined) {
      this.mistakes.push({
        variable: name,
        expected: `${readName} or ${pathVariable}, not both`,
        message: `${readName} and ${pathVariable} are both set: remove one of them.`,
      });
      return undefined;
    }
    if (text !== undefined) return this.#asSecret(text, variable, readName);
    return path === undefined ? undefined : this.#secretFromFile(variable, pathVariable, path);
  }

  /** The text of a variable; an empty one counts as unset. */
  text(name: string): string | undefined {
    return Object.hasOwn(this.#environment, name) ? this.#environment[name] || undefined : undefined;
  }

  mistake({ name, expected }: Pick<Variable, 'name' | 'expected'>, sentence: string): void {
    this.mistakes.push({ variable: name, expected, message: `${sentence}; expected: ${expected}.` });
  }

  #secretTexts(): string[] {
    const names = variables.flatMap((variable: Variable) =>
      variable.secret ? [variable.name, variable.formerName ?? variable.name] : [],
    );
    return names.flatMap((name) => this.text(name) ?? []);
  }

  #find(name: VariableName): { text: string | undefined; variable: Variable; readName: string } {
    const variable: Variable = variables.find((candidate) => candidate.name === name) ?? {
      name,
      expected: '',
      description: '',
    };
    const text = this.text(name);
    if (text !== undefined || variable.formerName === undefined) return { text, variable, readName: name };
    return { text: this.text(variable.formerName), variable, readName: variable.formerName };
  }

  #secretFromFile(variable: Variable, pathVariable: string, path: string): Secret | undefined {
    const expectation = {
      name: pathVariable,
      expected: `the absolute path of a file that holds the value of ${variable.name}`,
    };
    if (!isAbsolute(path)) {
      this.mistake(expectation, `${pathVariable} holds no absolute path (not shown, as it may be the secret itself)`);
      return undefined;
    }
    const place = `The file ${hasTokenPrefix(path) ? '(its path is not shown)' : quote(path)} of ${pathVariable}`;
    const content = this.#contentOf(path);
    if (content.ok && content.text !== '') return this.#asSecret(content.text, variable, place);
    this.mistake(expectation, `${place} ${content.ok ? 'is empty' : `cannot be read (${content.reason})`}`);
    return undefined;
  }

  #asSecret(text: string, variable: Variable, place: string): Secret | undefined {
    const parsed = secretText(text);
    if (parsed.ok) return new Secret(parsed.value);
    this.mistake(variable, `${place} ${parsed.problem}`);
    return undefined;
  }

  #contentOf(path: string): { ok: true; text: string } | { ok: false; reason: string } {
    try {
      return { ok: true, text: this.#readFile(path).replace(/[\r\n]+$/, '') };
    } catch (error) {
      // A message of the system may quote anything; its code does not.
      return { ok: false, reason: error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason' };
    }
  }
}

const QUOTED_MAX_LENGTH = 80;

/** A value on one line, shortened. */
export const quote = (text: string): string =>
  JSON.stringify(text.length > QUOTED_MAX_LENGTH ? `${text.slice(0, QUOTED_MAX_LENGTH)}...` : text);
