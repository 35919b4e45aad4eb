import { useId, useState } from 'preact/hooks';
import type { ComponentChildren, VNode } from 'preact';
import type { PracticeReport } from '../../shared/contract.ts';
import type { Reply } from '../../shared/bridge.ts';
import { useLanguage } from '../language.ts';
import { useTill } from '../till.ts';
import { useReport } from '../use-report.ts';
import { useTerminalWords } from '../terminal-words.ts';
import { PracticeOrders } from './practice-orders.tsx';
import { Problem } from './problem.tsx';

const REPORT_INTERVAL_MS = 3000;
const TIMES = [1, 2, 3, 5, 10, 100] as const;

/** Choose what goes wrong next, and see that gateway and terminal tell the same story afterwards. */
export function PracticePanel(): VNode {
  const { snapshot, api } = useTill();
  const words = useTerminalWords();
  const { report, problem, take } = useReport(
    () => api['practice.get']({}),
    REPORT_INTERVAL_MS,
    snapshot.orders,
  );
  return (
    <section class="panel practice-panel">
      <h2>{words.practice}</h2>
      <p class="terminal-hint">{words.practiceHint}</p>
      {problem !== null && <Problem notice={problem} noReply={words.noReport} />}
      {report !== null && (
        <div class="practice-columns">
          <FaultForm faults={report.faults} pending={report.pending} onAnswer={take} />
          <PracticeOrders orders={report.orders} />
        </div>
      )}
    </section>
  );
}

interface FaultFormProps extends Pick<PracticeReport, 'faults' | 'pending'> {
  readonly onAnswer: (reply: Reply<PracticeReport>) => void;
}

function FaultForm({ faults, pending, onAnswer }: FaultFormProps): VNode {
  const { api } = useTill();
  const { language } = useLanguage();
  const [fault, setFault] = useState(faults[0]?.name ?? '');
  const [times, setTimes] = useState('1');
  const words = useTerminalWords();
  return (
    <form
      class="fault-form"
      onSubmit={(event) => {
        event.preventDefault();
        void api['practice.fault']({ fault, times: Number(times) }).then(onAnswer);
      }}
    >
      <Select label={words.fault} value={fault} onValue={setFault}>
        {faults.map((known) => (
          <option key={known.name} value={known.name}>
            {known.words[language]}
          </option>
        ))}
      </Select>
      <Select label={words.times} value={times} onValue={setTimes}>
        {TIMES.map((count) => (
          <option key={count} value={count}>
            {words.timesOf(count)}
          </option>
        ))}
      </Select>
      <button type="submit" class="button">
        {words.setFault}
      </button>
      <Pending {...{ faults, pending, onAnswer }} />
    </form>
  );
}

function Pending({ faults, pending, onAnswer }: FaultFormProps): VNode {
  const { api } = useTill();
  const { language } = useLanguage();
  const words = useTerminalWords();
  return (
    <div class="fault-pending" aria-live="polite">
      <h3>{words.pending}</h3>
      {pending.length === 0 ? (
        <p class="terminal-hint">{words.nothingPending}</p>
      ) : (
        <>
          <ul>
            {pending.map(({ fault, call, times }) => (
              <li key={`${fault} ${call}`}>
                {faults.find(({ name }) => name === fault)?.words[language]} · {words.timesOf(times)}
              </li>
            ))}
          </ul>
          <button type="button" class="button" onClick={() => void api['practice.clear']({}).then(onAnswer)}>
            {words.clear}
          </button>
        </>
      )}
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly children: ComponentChildren;
}

function Select({ label, value, onValue, children }: SelectProps): VNode {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {children}
      </select>
    </div>
  );
}
