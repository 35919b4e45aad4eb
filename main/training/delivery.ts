import type { FastifyReply } from 'fastify';
import { assertNever } from '../../shared/assert.ts';
import type { Timers } from '../shell/clock.ts';
import type { Handled } from './acquirer.ts';
import type { ConditionStore } from './conditions.ts';
import type { Message } from './front.ts';
import type { DeliveryNote, WireLog } from './wire-log.ts';

export interface DeliveryDependencies {
  readonly log: WireLog;
  readonly timers: Timers;
  readonly conditions: ConditionStore;
}

const PORTAL_PAGE = '<!doctype html><html><head><title>Welcome</title></head><body>Sign in</body></html>';
const ERROR_PAGE = '<html><head><title>500 Internal Server Error</title></head><body>nginx</body></html>';

/** Sends an answer the way its delivery says, and notes what became of it. */
export function deliver(
  handled: Handled,
  reply: FastifyReply,
  dependencies: DeliveryDependencies,
): FastifyReply {
  const { log, timers, conditions } = dependencies;
  const { text, headers } = handled.message ?? NO_MESSAGE;
  const note = (what: DeliveryNote): void => log.delivery(handled.seq, what);
  const spoilt = (): FastifyReply => {
    note('damaged');
    return reply;
  };
  switch (handled.delivery) {
    case 'send':
      noteWhenDone(reply, note);
      return reply.headers(headers).send(text);
    case 'delay':
      noteWhenDone(reply, note);
      return later(reply, timers, conditions.current().slowMs, () => void reply.headers(headers).send(text));
    case 'hang':
      note('withheld');
      return keepSilent(reply, timers, conditions.current().hangMs);
    case 'drop':
      note('withheld');
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'http_500':
      return spoilt().code(500).type('text/html').send(ERROR_PAGE);
    case 'html_200':
      return spoilt().type('text/html').send(PORTAL_PAGE);
    case 'envelope_500':
    case 'bloat':
      return spoilt().headers(headers).send(text);
    case 'garble':
      return spoilt()
        .headers(headers)
        .send(text.slice(0, Math.ceil(text.length / 2)));
    case 'redirect':
      return spoilt().type('text/html').redirect('/captive-portal', 302);
    case 'reset_mid_body':
      note('damaged');
      return breakOff(reply, handled.message ?? NO_MESSAGE);
    case 'empty':
      return spoilt().type(JSON_TYPE).send('');
    default:
      return assertNever(handled.delivery);
  }
}

const JSON_TYPE = 'application/json; charset=utf-8';
const NO_MESSAGE: Message = { headers: { 'content-type': JSON_TYPE }, text: '' };

function noteWhenDone(reply: FastifyReply, note: (what: DeliveryNote) => void): void {
  reply.raw.once('close', () => note(reply.raw.writableFinished ? 'sent' : 'client_gone'));
}

function later(reply: FastifyReply, timers: Timers, afterMs: number, send: () => void): FastifyReply {
  const cancel = timers.after(afterMs, send);
  reply.raw.once('close', cancel);
  return reply;
}

/** The connection stays open and silent, yet not for ever, so that a practice run cannot leak them. */
function keepSilent(reply: FastifyReply, timers: Timers, hangMs: number): FastifyReply {
  reply.hijack();
  const cancel = timers.after(hangMs, () => reply.raw.destroy());
  reply.raw.once('close', cancel);
  return reply;
}

function breakOff(reply: FastifyReply, { text, headers }: Message): FastifyReply {
  reply.hijack();
  const bytes = Buffer.from(text);
  reply.raw.writeHead(200, { ...headers, 'content-length': bytes.length });
  // Destroyed only once the first half has left, or the client would see no body at all.
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => reply.raw.destroy());
  return reply;
}
