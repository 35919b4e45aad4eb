import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Gateway } from '../../main/training/gateway.ts';
import { signUpay } from '../../shared/signing/md5.ts';
import {
  gatewayControl,
  startPracticeGateway,
  testTerminal,
  type WireReply,
} from '../support/practice-gateway.ts';

let gateway: Gateway;
let terminal: ReturnType<typeof testTerminal>;
let control: ReturnType<typeof gatewayControl>;

beforeEach(async () => {
  gateway = await startPracticeGateway();
  terminal = testTerminal(gateway);
  control = gatewayControl(gateway);
});

afterEach(() => gateway.close());

const outcome = (reply: WireReply): string =>
  [reply.result_code, reply.error_code, reply.biz_response?.result_code, reply.biz_response?.error_code]
    .filter((code) => code !== undefined && code !== '')
    .join('/');

const pay = (clientSn: string) => terminal.send('pay', terminal.payBody(clientSn, 1234));
const query = (clientSn: string) => terminal.send('query', { client_sn: clientSn });

/** Sends bytes with a header of the test's own making. */
const raw = async (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
): Promise<WireReply> =>
  (await (await fetch(gateway.url + path, { method: 'POST', headers, body })).json()) as WireReply;
const signed = (body: string, key = terminal.key()): string => signUpay(new TextEncoder().encode(body), key);

describe('signatures', () => {
  const body = () => JSON.stringify({ terminal_sn: terminal.terminalSn, client_sn: 'A1' });

  test('a wrong key, a changed body, and no header at all are ILLEGAL_SIGN with HTTP status 200', async () => {
    const text = body();
    for (const authorization of [
      `${terminal.terminalSn} ${signed(text, 'wrong')}`,
      `${terminal.terminalSn} ${signed(`${text} `)}`,
      terminal.terminalSn,
      `${terminal.terminalSn} ${signed(text)} extra`,
    ]) {
      const response = await fetch(`${gateway.url}/upay/v2/query`, {
        method: 'POST',
        headers: { authorization },
        body: text,
      });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ result_code: '400', error_code: 'ILLEGAL_SIGN' });
    }
    expect(outcome(await raw('/upay/v2/query', text, {}))).toBe('400/ILLEGAL_SIGN');
  });

  test('a terminal nobody activated is INVALID_TERMINAL, in the header as in the body', async () => {
    const text = body();
    expect(outcome(await raw('/upay/v2/query', text, { authorization: `999 ${signed(text)}` }))).toBe(
      '400/INVALID_TERMINAL',
    );
    expect(outcome(await terminal.send('query', { terminal_sn: '999', client_sn: 'A1' }))).toBe(
      '400/INVALID_TERMINAL',
    );
  });

  test('the digest may be upper case, and blanks around it may be missing or many', async () => {
    await pay('A1');
    const text = body();
    const sign = signed(text);
    for (const authorization of [
      `${terminal.terminalSn} ${sign.toUpperCase()}`,
      `   ${terminal.terminalSn}   ${sign}  `,
    ]) {
      expect(outcome(await raw('/upay/v2/query', text, { authorization }))).toBe('200/SUCCESS');
    }
  });

  test('any JSON text is welcome as long as the signed bytes are the sent bytes', async () => {
    await pay('A1');
    const sn = terminal.terminalSn;
    const texts = [
      `{"client_sn":"A1","terminal_sn":"${sn}"}`,
      `{\r\n  "terminal_sn": "${sn}",\r\n  "client_sn": "A1"\r\n}`,
      `{"terminal_sn":"${sn}","sn":"","client_sn":"A1"}`,
      `{"terminal_sn":"${sn}","sn":null,"client_sn":"A1"}`,
      `{"terminal_sn":"${sn}","client_sn":"\\u00411","unknown":{"deep":[1,2]}}`,
      `{"terminal_sn":"${sn}","client_sn":"A1","sn":{"not":"a leaf"}}`,
      `{"terminal_sn":"${sn}","client_sn":"A1","subject":"收钱吧","path":"a\\/b"}`,
    ];
    for (const text of texts)
      expect([text, outcome(await terminal.send('query', text))]).toEqual([text, '200/SUCCESS']);
  });

  test('a body that is signed well but is no JSON object of UTF-8 text is INVALID_PARAMS', async () => {
    for (const text of ['', 'null', '[]', '"text"', '{"terminal_sn":']) {
      expect(outcome(await terminal.send('query', text))).toBe('400/INVALID_PARAMS');
    }
    const bytes = Uint8Array.from([0x7b, 0xff, 0x7d]);
    const authorization = `${terminal.terminalSn} ${signUpay(bytes, terminal.key())}`;
    expect(outcome(await raw('/upay/v2/query', bytes, { authorization }))).toBe('400/INVALID_PARAMS');
  });

  test('any content type will do', async () => {
    await pay('A1');
    const text = body();
    const authorization = `${terminal.terminalSn} ${signed(text)}`;
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      expect(outcome(await raw('/upay/v2/query', text, { authorization, 'content-type': type }))).toBe(
        '200/SUCCESS',
      );
    }
  });
});

describe('terminals and keys', () => {
  const checkin = () => terminal.send('checkin', { device_id: 'till-1' });
  const activate = (body: Record<string, string>, key = gateway.credentials.vendorKey) => {
    const text = JSON.stringify(body);
    return raw('/terminal/activate', text, {
      authorization: `${gateway.credentials.vendorSn} ${signed(text, key)}`,
    });
  };
  const request = () => ({
    app_id: gateway.credentials.appId,
    code: gateway.credentials.activationCode,
    device_id: 'till-1',
  });

  test('the vendor activates as many terminals as it likes, each with a number and key of its own', async () => {
    const first = (await activate(request())).biz_response;
    const second = (await activate(request())).biz_response;
    expect(first?.terminal_sn).toMatch(/^[0-9]+$/);
    expect(new Set([first?.terminal_sn, second?.terminal_sn, terminal.terminalSn]).size).toBe(3);
    expect(first?.terminal_key).not.toBe(second?.terminal_key);
    const activated = testTerminal(gateway, first?.terminal_sn, first?.terminal_key);
    expect(outcome(await activated.send('pay', activated.payBody('B1', 100)))).toBe('200/PAY_SUCCESS');
  });

  test('activation is refused for a wrong code, application, vendor key or vendor', async () => {
    expect(outcome(await activate({ ...request(), code: '0' }))).toBe('400/ACTIVATE_FAIL');
    expect(outcome(await activate({ ...request(), app_id: '0' }))).toBe('400/ACTIVATE_FAIL');
    expect(outcome(await activate({ ...request(), device_id: '' }))).toBe('400/INVALID_PARAMS');
    expect(outcome(await activate(request(), 'wrong'))).toBe('400/ILLEGAL_SIGN');
    const text = JSON.stringify(request());
    const authorization = `0000 ${signed(text, gateway.credentials.vendorKey)}`;
    expect(outcome(await raw('/terminal/activate', text, { authorization }))).toBe('400/ILLEGAL_SIGN');
  });

  test('check-in answers flat with a new key, and the old one no longer trades', async () => {
    await pay('A1');
    const reply = await checkin();
    expect(reply.biz_response).toMatchObject({ terminal_sn: terminal.terminalSn });
    expect(reply.biz_response?.result_code).toBeUndefined();
    expect(outcome(await query('A1'))).toBe('400/ILLEGAL_SIGN');
    terminal.useKey(reply.biz_response?.terminal_key ?? '');
    expect(outcome(await query('A1'))).toBe('200/SUCCESS');
  });

  test('a lost check-in answer is repeated with the old key, but not twice', async () => {
    await control.fault({ fault: 'reply_lost_after_charging', call: 'checkin', times: 1 });
    await expect(checkin()).rejects.toThrow('fetch failed');
    const repeated = await checkin();
    expect(repeated.biz_response?.terminal_key).toMatch(/^[0-9a-f]{32}$/);
    expect(outcome(await checkin())).toBe('400/ILLEGAL_SIGN');
    terminal.useKey(repeated.biz_response?.terminal_key ?? '');
    expect(outcome(await pay('A1'))).toBe('200/PAY_SUCCESS');
  });

  test('the previous key goes on trading when the gateway is told so', async () => {
    await control.config({ previousKeyTrades: true });
    await checkin();
    expect(outcome(await pay('A1'))).toBe('200/PAY_SUCCESS');
  });

  test('a key rotated behind the terminal is repaired by a check-in with the old one', async () => {
    await control.rotate();
    expect(outcome(await pay('A1'))).toBe('400/ILLEGAL_SIGN');
    terminal.useKey((await checkin()).biz_response?.terminal_key ?? '');
    expect(outcome(await pay('A1'))).toBe('200/PAY_SUCCESS');
  });

  test('check-in needs the device', async () => {
    expect(outcome(await terminal.send('checkin', {}))).toBe('400/INVALID_PARAMS');
  });
});
