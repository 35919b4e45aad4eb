import type { Call, OrderCall, Protocol, TerminalCall } from './call.ts';
import type { Wording } from './fault.ts';
import type { PracticeOrder } from './practice-order.ts';
import type { PayRuling, RefundRuling, ReversalRuling } from './ruling.ts';
import type { Payment, RefundRequest } from './trades.ts';

/** A request as it came over the wire: a signature covers exactly these bytes. */
export interface WireRequest {
  readonly method: string;
  /** The path as it was asked for, query included. */
  readonly path: string;
  /** By lower-case name; undefined where absent or given more than once. */
  readonly header: (name: string) => string | undefined;
  readonly raw: Uint8Array;
}

/** A request as its front reads it, before anything is believed. */
export interface Opened<Body> {
  readonly call: Call;
  readonly wire: WireRequest;
  /** Undefined when the bytes are no JSON object. */
  readonly body: Body | undefined;
  /** The acquirer's name and the terminal's name of the order it is about. */
  readonly sn: string | undefined;
  readonly clientSn: string | undefined;
  /** Who says that it sent this. */
  readonly terminalSn: string | null;
  readonly clientId: string | null;
  /** What a pay asks for, in minor units, where that can be read: it may be a magic amount. */
  readonly amountMinor: number | undefined;
}

/** What became of a signature; `unknown_sn` is a terminal or client that nobody registered. */
export type SignatureCheck = 'ok' | 'wrong' | 'unknown_sn';

/** An answer as it is written to the wire. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * One protocol's way of asking and answering. A front reads requests, checks who sent them and finds
 * words for what happened; it decides nothing about orders.
 */
export interface Front<Body, Reply> {
  readonly protocol: Protocol;
  open(call: Call, wire: WireRequest): Opened<Body>;
  /** A refusal ends the call; null goes on. */
  check(opened: Opened<Body>): { readonly signature: SignatureCheck; readonly refusal: Reply | null };
  /** Makes the sender's key a wrong one, as if somebody had changed it at the acquirer. */
  changeKey(opened: Opened<Body>): void;

  /** Carries out what is about the terminal itself. */
  onTerminal(call: TerminalCall, body: Body): Reply;
  /** Undefined when a required member is missing or malformed. */
  readPayment(opened: Opened<Body>, body: Body): Payment | undefined;
  /** Whether a request about an order has the form that its call asks for. */
  isWellFormed(call: OrderCall, opened: Opened<Body>, body: Body): boolean;
  /** Undefined when a required member is missing or malformed. */
  readRefund(body: Body): RefundRequest | undefined;

  readonly malformed: Reply;
  readonly unknownOrder: Reply;
  /** What it says when it failed itself. */
  readonly systemError: Reply;
  /** Any code of the tables, with nothing behind it. */
  coded(code: string, status: string): Reply;
  /** Null where nobody answers. `echoExtraMinor` falsifies the amount in the answer only. */
  onPay(ruling: PayRuling, echoExtraMinor: number, opened: Opened<Body>): Reply | null;
  onQuery(order: PracticeOrder, echoExtraMinor: number, opened: Opened<Body>): Reply;
  onReversal(ruling: ReversalRuling, echoExtraMinor: number, opened: Opened<Body>): Reply;
  onRefund(ruling: RefundRuling, echoExtraMinor: number, opened: Opened<Body>): Reply;

  /** The codes of a reply, outermost first, for the wire log. */
  codesOf(reply: Reply): string;
  write(reply: Reply, opened: Opened<Body>, wording: Wording): Message;
}
