import { examplesOf } from './examples.mjs';
import { referencesInto } from './json-schemas.mjs';
import { publishedMessages } from './published-messages.mjs';

/**
 * The endpoints in OpenAPI 3.1, as Cloudly has to serve them: a request by its tolerant schema, an answer by its strict
 * one.
 *
 * @param contracts what the package exports
 * @param placeOf gives the docstrings of an export, from `readDocstrings`
 */
export function openApi(contracts, placeOf) {
  const schemas = componentsFor(contracts, placeOf);
  const { endpoints, wakeEndpoint, problems, limits, JSON_MEDIA_TYPE, PROBLEM_MEDIA_TYPE } = contracts;

  const jsonBody = (message) => ({
    [JSON_MEDIA_TYPE]: { schema: schemas.referTo(message), examples: asExamples(examplesOf(message)) },
  });
  const answer = (description, message, headers = {}) => ({
    description,
    headers: { ...onEveryAnswer, ...headers },
    content: jsonBody(message),
  });

  const problemAnswers = (endpoint, isAnswered) => {
    const byStatus = Object.groupBy(
      Object.keys(problems).filter((code) => problems[code].endpoints.includes(endpoint) && isAnswered(code)),
      (code) => problems[code].status,
    );
    return Object.fromEntries(
      Object.entries(byStatus).map(([status, codes]) => [
        status,
        {
          description: codes.map((code) => `\`${code}\`: ${problems[code].title}.`).join('\n\n'),
          headers: { ...onEveryAnswer, ...headersWithStatus[status] },
          content: {
            [PROBLEM_MEDIA_TYPE]: {
              schema: {
                allOf: [schemas.referTo('problem')],
                type: 'object',
                properties: { code: { type: 'string', enum: codes } },
              },
              examples: asExamples(Object.fromEntries(codes.map((code) => [code, exampleOfProblem(code)]))),
            },
          },
        },
      ]),
    );
  };

  /** @param answers those of a success, by status */
  const pathOf = (endpoint, { summary, description, credential, message, answers }) => ({
    [endpoints[endpoint].path]: {
      post: {
        operationId: endpoint,
        summary,
        description,
        security: credential,
        requestBody: { required: true, content: jsonBody(message) },
        responses: { ...answers, ...problemAnswers(endpoint, (code) => code !== 'method-not-allowed') },
      },
      get: {
        operationId: `${endpoint}Presence`,
        summary: 'Confirms that a Cloudly answers here',
        description:
          'The endpoint accepts POST only. A device sends a GET to learn whether a Cloudly answers at this address.',
        security: [],
        responses: problemAnswers(endpoint, (code) => code === 'method-not-allowed'),
      },
    },
  });

  return {
    openapi: '3.1.0',
    info: {
      title: 'BaseOS: the node endpoints of Cloudly',
      version: String(contracts.PROTOCOL_VERSION),
      summary: 'How a node registers with Cloudly, sends heartbeats, and is woken.',
      description: introduction(limits),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [
      {
        url: 'https://{cloudly}',
        description: 'The base URL of a Cloudly. It may have a path of its own.',
        variables: { cloudly: { default: 'cloudly.example', description: 'Host, port and path of the base URL.' } },
      },
    ],
    paths: {
      ...pathOf('register', {
        summary: 'Registers a node',
        description: placeOf('registerRequestSchema').docstring,
        // A known node is authenticated by its registration key.
        credential: [{ joinToken: [] }, {}],
        message: 'register-request',
        answers: {
          200: answer('Cloudly knows the node, and gives it another token.', 'register-accepted'),
          201: answer('The node is new.', 'register-accepted'),
          202: answer(placeOf('registerPendingSchema').docstring, 'register-pending', retryAfter),
        },
      }),
      ...pathOf('heartbeat', {
        summary: 'Accepts a heartbeat of a node',
        description: placeOf('heartbeatRequestSchema').docstring,
        credential: [{ nodeToken: [] }],
        message: 'heartbeat-request',
        answers: { 200: answer(placeOf('heartbeatAnswerSchema').docstring, 'heartbeat-answer') },
      }),
      [wakeEndpoint.path]: {
        get: {
          operationId: 'wake',
          summary: 'Wakes a node',
          description: `${placeOf('wakeOfferSchema').docstring} A Cloudly that never offers it does not need this endpoint.`,
          security: [{ nodeToken: [] }],
          responses: {
            200: answer(placeOf('wakeAnswerSchema').docstring, 'wake-answer'),
            ...problemAnswers('wake', (code) => code !== 'method-not-allowed'),
          },
        },
        post: {
          operationId: 'wakeByPost',
          summary: 'Refuses any other method',
          description: 'The endpoint accepts GET only.',
          security: [],
          responses: problemAnswers('wake', (code) => code === 'method-not-allowed'),
        },
      },
    },
    components: {
      securitySchemes: {
        joinToken: { type: 'http', scheme: 'bearer', description: 'A join token, which admits a new node.' },
        nodeToken: { type: 'http', scheme: 'bearer', description: 'The node token, which a registration gave.' },
      },
      headers,
      schemas: schemas.definitions(),
    },
  };
}

function introduction(limits) {
  return `This is what a Cloudly serves. Requests are described by the tolerant schemas: what Cloudly must accept. Answers are \
described by the strict schemas: what Cloudly must send. A node reads answers by the tolerant schemas, which let the \
members of a newer Cloudly pass.

A body is one JSON object in UTF-8 without Content-Encoding, of at most ${limits.bodyMaxBytes} bytes, with arrays and \
objects nested at most ${limits.bodyMaxDepth} deep. The \`status\` of a request takes at most ${limits.statusMaxBytes} \
bytes, and any string of a request at most ${limits.stringMaxLength} characters. No string and no key has U+0000 or a lone \
surrogate, and no key is \`__proto__\`.

PROTOCOL.md has the rules that no schema can say.`;
}

const headers = {
  Allow: {
    description: 'The method that the endpoint accepts.',
    required: true,
    schema: { type: 'string', enum: ['POST', 'GET'] },
  },
  CacheControl: { description: 'Answers hold tokens.', required: true, schema: { const: 'no-store' } },
  RetryAfter: {
    description: 'How long to wait before the next request: seconds, or a date (RFC 9110, 10.2.3).',
    required: true,
    schema: { type: 'string' },
    examples: { seconds: { value: '30' }, date: { value: 'Mon, 23 Nov 2026 16:00:30 GMT' } },
  },
  WwwAuthenticate: {
    description: 'The scheme that the endpoint accepts (RFC 9110, 11.6.1; RFC 6750, 3).',
    required: true,
    schema: { type: 'string', pattern: '^Bearer' },
    examples: { scheme: { value: 'Bearer' } },
  },
};

function header(name) {
  return { $ref: `#/components/headers/${name}` };
}

const onEveryAnswer = { 'Cache-Control': header('CacheControl') };
const retryAfter = { 'Retry-After': header('RetryAfter') };
const headersWithStatus = {
  401: { 'WWW-Authenticate': header('WwwAuthenticate') },
  405: { Allow: header('Allow') },
  429: retryAfter,
  503: retryAfter,
};

function asExamples(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function exampleOfProblem(code) {
  return Object.values(examplesOf('problem')).find((problem) => problem.code === code);
}

/** The schemas of messages and of what they refer to, by names in the manner of OpenAPI. */
function componentsFor(contracts, placeOf) {
  const nameOf = (source) => `${source[0].toUpperCase()}${source.slice(1)}`;
  const referenceTo = (definition) => `#/components/schemas/${nameOf(definition)}`;
  const sets = { tolerant: {}, strict: {} };
  const referTo = (message) => {
    const { source } = publishedMessages[message];
    const mode = message.endsWith('-request') ? 'tolerant' : 'strict';
    return referencesInto(contracts, placeOf, { mode, definitions: sets[mode], referenceTo })(contracts[source]);
  };
  const definitions = () => {
    for (const [name, schema] of Object.entries(sets.tolerant)) {
      const inAnswers = sets.strict[name];
      if (inAnswers && JSON.stringify(inAnswers) !== JSON.stringify(schema)) {
        throw new TypeError(`${name} says something else in a request than in an answer: it needs two names`);
      }
    }
    return Object.fromEntries(
      Object.entries({ ...sets.tolerant, ...sets.strict }).map(([name, schema]) => [nameOf(name), schema]),
    );
  };
  return { referTo, definitions };
}
