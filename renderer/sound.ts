import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Instruction } from '../shared/order/order.ts';
import { findOrder } from './state.ts';
import type { Till } from './till.ts';

/** What is heard: one pattern for each instruction, and one for a call that was refused. */
export type SoundName = Instruction | 'refused';

/** One tone of a pattern. Small loudspeakers give nothing below 250 Hz. */
export interface Tone {
  readonly hertz: number;
  readonly startMs: number;
  readonly lengthMs: number;
  /** 0 to 1. */
  readonly loudness: number;
}

const LOUD = 0.5;
const SOFT = 0.25;
const QUIET = 0.1;

const TICK: readonly Tone[] = [{ hertz: 880, startMs: 0, lengthMs: 40, loudness: QUIET }];

/** Told apart by rhythm as well as by pitch, because not everybody hears pitch. */
export const SOUNDS: Readonly<Record<SoundName, readonly Tone[]>> = {
  wait: TICK,
  take_goods_back_when_confirmed: TICK,
  hand_over: [
    { hertz: 660, startMs: 0, lengthMs: 120, loudness: LOUD },
    { hertz: 990, startMs: 130, lengthMs: 260, loudness: LOUD },
  ],
  do_not_hand_over: [
    { hertz: 392, startMs: 0, lengthMs: 300, loudness: LOUD },
    { hertz: 262, startMs: 360, lengthMs: 480, loudness: LOUD },
  ],
  call_shift_lead: [0, 850].flatMap((startMs) => [
    { hertz: 740, startMs, lengthMs: 160, loudness: LOUD },
    { hertz: 523, startMs: startMs + 190, lengthMs: 160, loudness: LOUD },
    { hertz: 740, startMs: startMs + 380, lengthMs: 160, loudness: LOUD },
  ]),
  goods_back: [
    { hertz: 587, startMs: 0, lengthMs: 200, loudness: SOFT },
    { hertz: 587, startMs: 300, lengthMs: 200, loudness: SOFT },
  ],
  refused: [{ hertz: 294, startMs: 0, lengthMs: 140, loudness: LOUD }],
};

/**
 * Plays the instruction of the order in the middle whenever it has become another one, and a refusal when
 * it is shown. What stood there when the window opened is not news and makes no sound.
 */
export function useInstructionSound({ state, snapshot, preferences }: Till): void {
  const player = useMemo(createPlayer, []);
  useEffect(() => player.listen(), [player]);
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
  readonly listen: () => () => void;
  readonly play: (name: SoundName) => void;
}

/** A till without a loudspeaker works like any other, so whatever fails here fails silently. */
function createPlayer(): Player {
  let audio: AudioContext | null = null;
  let running: GainNode | null = null;

  // Browsers let a page sound only after somebody has touched it.
  const wake = () => {
    silently(() => {
      audio ??= new AudioContext();
      if (audio.state === 'suspended') void audio.resume().catch(() => undefined);
    });
  };

  return {
    listen() {
      window.addEventListener('keydown', wake, { capture: true });
      window.addEventListener('pointerdown', wake, { capture: true });
      return () => {
        window.removeEventListener('keydown', wake, { capture: true });
        window.removeEventListener('pointerdown', wake, { capture: true });
        void audio?.close().catch(() => undefined);
        audio = null;
      };
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
  };
}

/** Long enough that a tone begins and ends without a click. */
const RAMP_SECONDS = 0.012;

function scheduled(audio: AudioContext, tones: readonly Tone[]): GainNode {
  const output = audio.createGain();
  output.connect(audio.destination);
  for (const { hertz, startMs, lengthMs, loudness } of tones) {
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
