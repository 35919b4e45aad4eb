import { beforeEach, expect, test } from 'vitest';
import { feedScreen } from '../../main/screen-feed.ts';
import { type Push, snapshotSchema } from '../../shared/contract.ts';
import { FakeTime } from '../support/fake-clock.ts';
import { createScriptedTerminal, refusal, type ScriptedTerminal } from '../support/scripted-terminal.ts';

const ACTOR = { kind: 'operator', name: 'Ada' } as const;

let time: FakeTime;
let terminal: ScriptedTerminal;
let told: string[];
let end: () => void;

beforeEach(() => {
  time = new FakeTime(1_763_600_000_000);
  terminal = createScriptedTerminal();
  told = [];
});

function begin(): void {
  end = feedScreen({
    terminal,
    actor: ACTOR,
    timers: time,
    push: (push) => told.push(push.type),
    beat: () => told.push('beat'),
    fail: () => told.push('failed'),
  });
}

async function snapshotPush(): Promise<Push> {
  const answer = await createScriptedTerminal().call('state.get', {}, ACTOR);
  if (!answer.ok) throw new Error(answer.error.code);
  return { type: 'snapshot', snapshot: snapshotSchema.parse(answer.value) };
}

test('a screen that could be given nothing hears no heartbeat, so that it asks again', async () => {
  terminal.answer('state.get', () => refusal('not_activated'));
  begin();
  await time.advance(60_000);
  expect(told).toEqual(['failed']);
});

test('it is fed from the next snapshot on, heartbeats included', async () => {
  terminal.answer('state.get', () => refusal('not_activated'));
  begin();
  await time.advance(0);
  terminal.push({ type: 'online', online: false });
  terminal.push(await snapshotPush());
  terminal.push({ type: 'online', online: true });
  await time.advance(15_000);
  expect(told).toEqual(['failed', 'snapshot', 'online', 'beat']);
});

test('a snapshot that is pushed while the first one is read makes that one needless', async () => {
  const snapshot = await snapshotPush();
  begin();
  terminal.push(snapshot);
  await time.advance(0);
  expect(told).toEqual(['snapshot']);
});

test('nothing is told after the end', async () => {
  begin();
  end();
  terminal.push({ type: 'online', online: false });
  await time.advance(60_000);
  expect(told).toEqual([]);
  expect(time.pending()).toEqual([]);
});
