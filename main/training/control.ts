import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ClientStore } from './alipay/clients.ts';
import { CALLS, PROTOCOLS } from './call.ts';
import type { ConditionStore } from './conditions.ts';
import { FAULT_NAMES, faultOf, isFaultName, SIGNED_FAULT_NAMES, type FaultName } from './faults.ts';
import type { FaultScript, ScriptedFault } from './fault-script.ts';
import { MAGIC_AMOUNTS } from './magic-amounts.ts';
import type { OrderStore } from './orders.ts';
import { netCapturedMinor, netMinor, type PracticeOrder } from './practice-order.ts';
import type { TerminalStore } from './upay/terminals.ts';
import type { WireLog } from './wire-log.ts';

interface ControlDependencies {
  readonly orders: OrderStore;
  readonly terminals: TerminalStore;
  readonly clients: ClientStore;
  readonly log: WireLog;
  readonly script: FaultScript;
  readonly conditions: ConditionStore;
  readonly practiceTerminalSn: string;
  /** The practice clock in epoch milliseconds, shift included. */
  readonly nowMs: () => number;
}

const LONGEST_MS = 24 * 3_600_000;
const LONGEST_SHIFT_MS = 400 * LONGEST_MS;
const durationMs = z.int().min(0).max(LONGEST_MS).optional();

const faultsSchema = z
  .strictObject({
    fault: z.string().refine(isFaultName, 'no such fault; GET /__faults names them all'),
    call: z.enum([...CALLS, 'any']).default('any'),
    times: z.int().min(1).max(1000).default(1),
    clientSn: z.string().min(1).max(64).optional(),
    code: z
      .string()
      .regex(/^[A-Z0-9_]{1,64}$/)
      .optional(),
    status: z.enum(['S', 'F', 'U', 'A']).optional(),
  })
  .refine(
    ({ fault, call }) => call === 'any' || !isFaultName(fault) || faultOf(fault).calls.includes(call),
    'this fault cannot happen to this call; GET /__faults says which calls it can happen to',
  )
  .refine(
    ({ fault, code, status }) =>
      [code, status].every((member) => (member !== undefined) === (fault === 'answer_code')),
    'code and status belong to answer_code, which needs both',
  );

const configSchema = z.strictObject({
  previousKeyTrades: z.boolean().optional(),
  pendingMs: durationMs,
  slowMs: durationMs,
  hangMs: durationMs,
  landAfterMs: durationMs,
  clientKeyAccepted: z.boolean().optional(),
  freshnessMs: durationMs,
  miniprogramWindowMs: z.int().min(0).max(LONGEST_SHIFT_MS).nullish(),
});

const clockSchema = z.strictObject({ offsetMs: z.int().min(-LONGEST_SHIFT_MS).max(LONGEST_SHIFT_MS) });
const rotateSchema = z.strictObject({
  terminalSn: z.string().min(1).max(32).optional(),
  clientId: z.string().min(1).max(64).optional(),
});
const orderParamsSchema = z.object({ clientSn: z.string() });
const ordersQuerySchema = z.object({ newest: z.coerce.number().int().min(1).max(1000).optional() });
const logQuerySchema = z.object({ clientSn: z.string().optional() });

/** The endpoints below `/__`: what a test, the practice panel and the checker see and steer. */
export function registerControl(app: FastifyInstance, dependencies: ControlDependencies): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!isLocal(request)) return refuse(reply, 403, 'The control endpoints answer only on this machine.');
    return undefined;
  });
  registerFaults(app, dependencies);
  registerConditions(app, dependencies);
  registerEvidence(app, dependencies);
}

function registerFaults(app: FastifyInstance, { script }: ControlDependencies): void {
  const listing = () => ({
    pending: script.pending(),
    faults: [...FAULT_NAMES, ...SIGNED_FAULT_NAMES].map((name) => {
      const { words, calls, protocols = PROTOCOLS } = faultOf(name);
      return { name, words, calls, protocols };
    }),
    magicAmounts: MAGIC_AMOUNTS,
  });
  app.get('/__faults', async () => listing());
  app.delete('/__faults', async () => {
    script.clear();
    return listing();
  });
  app.post('/__faults', async (request, reply) => {
    const body = readBody(faultsSchema, request);
    if (!body.ok) return refuse(reply, 400, body.message);
    const { fault, ...rest } = body.value;
    if (!isFaultName(fault)) return refuse(reply, 400, 'no such fault');
    script.add(scriptedFault(fault, rest));
    return { pending: script.pending() };
  });
}

function scriptedFault(
  fault: FaultName,
  { call, times, clientSn, code, status }: Omit<z.infer<typeof faultsSchema>, 'fault'>,
): ScriptedFault {
  return {
    fault,
    call,
    times,
    ...(clientSn === undefined ? {} : { clientSn }),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
  };
}

function registerConditions(app: FastifyInstance, dependencies: ControlDependencies): void {
  const { conditions, terminals, clients, nowMs } = dependencies;
  const clock = () => ({ offsetMs: conditions.offsetMs(), nowMs: nowMs() });
  /** Unregisters the clients' keys, or registers them again. */
  const toggleKey = (clientId: string) => {
    if (!clients.isKnown(clientId)) return undefined;
    const clientKeyAccepted = !conditions.current().clientKeyAccepted;
    conditions.change({ clientKeyAccepted });
    return { clientId, clientKeyAccepted };
  };
  app.get('/__config', async () => conditions.current());
  app.post('/__config', async (request, reply) => {
    const body = readBody(configSchema, request);
    if (!body.ok) return refuse(reply, 400, body.message);
    conditions.change(body.value);
    return conditions.current();
  });
  app.get('/__clock', async () => clock());
  app.post('/__clock', async (request, reply) => {
    const body = readBody(clockSchema, request);
    if (!body.ok) return refuse(reply, 400, body.message);
    conditions.shiftClock(body.value.offsetMs);
    return clock();
  });
  app.post('/__rotate', async (request, reply) => {
    const body = readBody(rotateSchema, request);
    if (!body.ok) return refuse(reply, 400, body.message);
    const { clientId } = body.value;
    if (clientId !== undefined) return toggleKey(clientId) ?? refuse(reply, 404, 'no such client');
    const terminalSn = body.value.terminalSn ?? dependencies.practiceTerminalSn;
    if (!terminals.isKnown(terminalSn)) return refuse(reply, 404, 'no such terminal');
    terminals.rotateKey(terminalSn);
    return { terminalSn };
  });
}

function registerEvidence(app: FastifyInstance, { orders, log, nowMs }: ControlDependencies): void {
  app.get('/__orders', async (request, reply) => {
    const query = ordersQuerySchema.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, z.prettifyError(query.error));
    orders.settle(nowMs());
    const { newest } = query.data;
    return (newest === undefined ? orders.all() : orders.newest(newest)).map(orderEvidence);
  });
  app.get('/__orders/:clientSn', async (request, reply) => {
    orders.settle(nowMs());
    const order = orders.named(orderParamsSchema.parse(request.params).clientSn);
    return order === undefined ? refuse(reply, 404, 'no such order') : orderEvidence(order);
  });
  app.get('/__log', (request, reply) =>
    reply.send(log.entries(logQuerySchema.safeParse(request.query).data?.clientSn)),
  );
}

/** The truth about an order, for tests and the checker. */
function orderEvidence(order: PracticeOrder) {
  return {
    clientSn: order.clientSn,
    sn: order.sn,
    protocol: order.protocol,
    terminalSn: order.terminalSn,
    clientId: order.clientId,
    orderStatus: order.status,
    totalMinor: order.totalMinor,
    netMinor: netMinor(order),
    netCapturedMinor: netCapturedMinor(order),
    refundedMinor: order.refundedMinor,
    charges: order.charges,
    reversals: order.reversals,
    fault: order.fault,
    createdAtMs: order.createdAtMs,
    finishedAtMs: order.finishedAtMs,
  };
}

type Checked<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };

function readBody<Value>(schema: z.ZodType<Value>, request: FastifyRequest): Checked<Value> {
  const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  let json: unknown;
  try {
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    return { ok: false, message: 'the body is not JSON' };
  }
  const parsed = schema.safeParse(json);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, message: z.prettifyError(parsed.error) };
}

function refuse(reply: FastifyReply, status: 400 | 403 | 404, message: string): FastifyReply {
  return reply.code(status).send({ error: { message } });
}

/** A web page elsewhere must not steer the gateway, neither by a rebound name nor by a plain form. */
function isLocal(request: FastifyRequest): boolean {
  const { host, origin } = request.headers;
  return isLoopback(`http://${host ?? ''}`) && (origin === undefined || isLoopback(origin));
}

function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}
