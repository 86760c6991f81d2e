// Your own Cloudly in an Express application. Mount it before every body parser: the token of a heartbeat is checked
// before its body is read, and a parsed body can no longer be validated.
import process from 'node:process';
import { type EndpointName, endpoints } from '@serve.zone/baseos-contracts';
import express, { type RequestHandler } from 'express';
import { createCloudly } from './cloudly/cloudly.ts';
import { startOperatorSurface } from './cloudly/start-operator-surface.ts';

const cloudly = createCloudly();

function answerAs(endpoint?: EndpointName): RequestHandler {
  return async (request, response) => {
    const { method, headersDistinct: headers } = request;
    const { status, headers: answered, body } = await cloudly.answer(endpoint, { method, headers, body: request });
    response.status(status).set(answered).send(body);
  };
}

const app = express();
app.all(endpoints.register.path, answerAs('register'));
app.all(endpoints.heartbeat.path, answerAs('heartbeat'));
app.use('/baseos/v1', answerAs());
app.use(express.json());

const port = Number(process.env['PORT'] ?? 8080);
const server = app.listen(port, '127.0.0.1', () => console.log('Listening on', server.address()));
// The server limits how long a sender may take (F-9).
server.requestTimeout = 20_000;
startOperatorSurface(cloudly.operator);
