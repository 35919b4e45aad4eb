import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Instruction } from '../shared/order/order.ts';
import { findOrder } from './state.ts';
import type { Till } from './till.ts';
import { useWindowEvent } from './use-window-event.ts';

/** What is heard: one pattern for each instruction, and one for a call that was refused. */
type SoundName = Instruction | 'refused';

/** One tone of a pattern. Small loudspeakers give nothing below 250 Hz. */
type Tone = readonly [hertz: number, startMs: number, lengthMs: number];

/** How loud a pattern is, 0 to 1, and its tones. */
type Sound = readonly [loudness: number, ...Tone[]];

const TICK: Sound = [0.1, [880, 0, 40]];

/** Told apart by rhythm as well as by pitch, because not everybody hears pitch. */
const SOUNDS: Readonly<Record<SoundName, Sound>> = {
  wait: TICK,
  take_goods_back_when_confirmed: TICK,
  hand_over: [0.5, [660, 0, 120], [990, 130, 260]],
  do_not_hand_over: [0.5, [392, 0, 300], [262, 360, 480]],
  call_shift_lead: [
    0.5,
    ...[0, 850].flatMap((startMs): readonly Tone[] => [
      [740, startMs, 160],
      [523, startMs + 190, 160],
      [740, startMs + 380, 160],
    ]),
  ],
  goods_back: [0.25, [587, 0, 200], [587, 300, 200]],
  refused: [0.5, [294, 0, 140]],
};

/**
 * Plays the instruction of the order in the middle whenever it has become another one, and a refusal when
 * it is shown. What stood there when the window opened is not news and makes no sound.
 */
export function useInstructionSound({ state, snapshot, preferences }: Till): void {
  const player = useMemo(createPlayer, []);
  // Browsers let a page sound only after somebody has touched it.
  useWindowEvent('keydown', player.wake, true);
  useWindowEvent('pointerdown', player.wake, true);
  useEffect(() => player.close, []);
  const isOn = preferences.preferences.sound === 'on';

  const known = useRef<Map<string, Instruction> | null>(null);
  known.current ??= new Map(snapshot.orders.map(({ clientSn, instruction }) => [clientSn, instruction]));
  const order = findOrder(state, state.focus);
  useEffect(() => {
    if (order === null || known.current?.get(order.clientSn) === order.instruction) return;
    known.current?.set(order.clientSn, order.instruction);
    if (isOn) player.play(order.instruction);
  }, [order?.clientSn, order?.instruction]);

  const notice = state.question?.type === 'guard' ? state.question.notice : state.notice;
  const shown = useRef(notice);
  useEffect(() => {
    if (notice !== null && notice !== shown.current && isOn) player.play('refused');
    shown.current = notice;
  }, [notice]);
}

interface Player {
  readonly wake: () => void;
  readonly play: (name: SoundName) => void;
  readonly close: () => void;
}

/** A till without a loudspeaker works like any other, so whatever fails here fails silently. */
function createPlayer(): Player {
  let audio: AudioContext | null = null;
  let running: GainNode | null = null;
  let isWaking = false;
  let isClosed = false;

  return {
    wake() {
      if (audio?.state === 'running' || isWaking) return;
      isWaking = true;
      // Opening the loudspeaker takes longer than all else a first touch does; its frame goes out before.
      requestAnimationFrame(() =>
        window.setTimeout(() => {
          isWaking = false;
          silently(() => {
            if (isClosed) return;
            audio ??= new AudioContext();
            if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
          });
        }),
      );
    },
    play(name) {
      document.documentElement.dataset['lastSound'] = name;
      silently(() => {
        // A sound that waits for a touch would come when its moment is over.
        if (audio?.state !== 'running') return;
        // The newest word is the one that counts.
        running?.disconnect();
        running = scheduled(audio, SOUNDS[name]);
      });
    },
    close() {
      isClosed = true;
      void audio?.close().catch(() => undefined);
      audio = null;
    },
  };
}

/** Long enough that a tone begins and ends without a click. */
const RAMP_SECONDS = 0.012;

function scheduled(audio: AudioContext, [loudness, ...tones]: Sound): GainNode {
  const output = audio.createGain();
  output.connect(audio.destination);
  for (const [hertz, startMs, lengthMs] of tones) {
    const start = audio.currentTime + startMs / 1000;
    const end = start + lengthMs / 1000;
    const envelope = audio.createGain();
    envelope.gain.setValueAtTime(0, start);
    envelope.gain.linearRampToValueAtTime(loudness, start + RAMP_SECONDS);
    envelope.gain.setValueAtTime(loudness, end - RAMP_SECONDS);
    envelope.gain.linearRampToValueAtTime(0, end);
    const tone = audio.createOscillator();
    tone.type = 'triangle';
    tone.frequency.value = hertz;
    tone.connect(envelope).connect(output);
    tone.start(start);
    tone.stop(end);
  }
  return output;
}

function silently(act: () => void): void {
  try {
    act();
  } catch {
    // Nothing about money depends on it.
  }
}
