/** The codes of mistakes in the settings, and what each means. A mistake brings its own message and remedy. */
export const configMistakeCodes = {
  'setting-invalid': 'The value of a variable is not what the variable takes.',
  'setting-file-unusable': 'The file that a variable names cannot be read, is empty or is too large.',
  'settings-exclusive': 'Two variables are set, and only one of them can be.',
  'path-shared': 'The agent would write two things to one path.',
  'insecure-http': 'Tokens would be sent to another machine over plain http.',
  'node-token-of-nobody': 'BASEOS_NODE_TOKEN is set, but it is not known which node it belongs to.',
} as const satisfies Readonly<Record<string, string>>;

export type ConfigMistakeCode = keyof typeof configMistakeCodes;

/** The codes of warnings about settings that are valid but probably not intended. */
export const configWarningCodes = {
  'variable-unknown': 'A variable begins with BASEOS_ and is not one of BaseRunner.',
  'setting-without-effect': 'A setting has no effect, because of another one or the lack of it.',
  'setting-not-needed': 'A setting that this node does not need has a mistake.',
  'token-malformed': 'A token does not look as Cloudly issues it.',
  'proxy-exception-in-vain': 'An entry of NO_PROXY matches nothing.',
  'insecure-http-allowed': 'Tokens are sent to another machine over plain http, as BASEOS_ALLOW_INSECURE_HTTP allows.',
  'watchdog-left-out': 'BASEOS_WATCHDOG leaves it to the engine to end an agent that hangs, and not every engine does.',
  'device-fact-ignored': 'A variable that balenaOS sets has a value that cannot be right.',
  'node-verifies-nothing': 'A variable of Node turns off the verification of certificates.',
  'node-loads-code': 'A variable of Node loads code into the agent.',
  'node-writes-secrets': 'A variable of Node makes the runtime write down what the agent sends.',
} as const satisfies Readonly<Record<string, string>>;

export type ConfigWarningCode = keyof typeof configWarningCodes;
