import type { VNode } from 'preact';
import type { TerminalReport } from '../../shared/contract.ts';
import { useFormats, useTill } from '../till.ts';
import { useTerminalWords } from '../terminal-words.ts';
import { Fact, Panel } from './facts.tsx';

interface TerminalFactsProps {
  readonly report: TerminalReport;
}

/** From here on a clock is wrong enough to matter: signatures and the day's end go by it. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Whether the acquirer was reached, as the terminal last reported it. */
export function NetworkPanel({ online, lastReplyAtMs, lastFailureAtMs }: TerminalReport['network']): VNode {
  const words = useTerminalWords();
  const since = useSince();
  const isUnheard = lastReplyAtMs === null && lastFailureAtMs === null;
  return (
    <Panel title={words.network}>
      <dl class="facts">
        <Fact name={words.acquirer} tone={isUnheard ? 'plain' : online ? 'good' : 'bad'}>
          {isUnheard ? words.notTried : online ? words.reachable : words.unreachable}
        </Fact>
        <Fact name={words.lastReply}>{since(lastReplyAtMs)}</Fact>
        <Fact name={words.lastFailure}>{since(lastFailureAtMs)}</Fact>
      </dl>
    </Panel>
  );
}

/** Whether the key is of today and kept. */
export function KeyPanel({ checkedInDay, isStored, lastCheckin }: TerminalReport['key']): VNode {
  const { snapshot } = useTill();
  const words = useTerminalWords();
  const since = useSince();
  return (
    <Panel title={words.key}>
      <dl class="facts">
        <Fact name={words.keyDay}>
          {checkedInDay === null
            ? words.keyFromSettings
            : checkedInDay === snapshot.businessDay
              ? words.keyOfToday(checkedInDay)
              : checkedInDay}
        </Fact>
        <Fact name={words.keyFile} tone={isStored ? 'good' : 'bad'}>
          {isStored ? words.keyStored : words.keyNotStored}
        </Fact>
        <Fact
          name={words.lastCheckin}
          tone={lastCheckin === null ? 'plain' : lastCheckin.ok ? 'good' : 'bad'}
        >
          {lastCheckin === null ? (
            words.noCheckin
          ) : (
            <>
              {lastCheckin.ok ? words.checkinOk : words.checkinFailed} · {since(lastCheckin.atMs)}{' '}
              {lastCheckin.code !== null && <code>{lastCheckin.code}</code>}
            </>
          )}
        </Fact>
      </dl>
    </Panel>
  );
}

/** Whether the clock of this machine is right. */
export function ClockPanel({ offsetMs }: { readonly offsetMs: number | null }): VNode {
  const words = useTerminalWords();
  const formats = useFormats();
  const { state } = useTill();
  const isWrong = offsetMs !== null && Math.abs(offsetMs) > CLOCK_TOLERANCE_MS;
  return (
    <Panel title={words.clock}>
      <dl class="facts">
        <Fact name={words.terminalClock}>{formats.dateTime(Date.now() + state.clockOffsetMs)}</Fact>
        <Fact name={words.acquirerClock} tone={offsetMs === null ? 'plain' : isWrong ? 'bad' : 'good'}>
          {offsetMs === null
            ? words.clockUnknown
            : Math.abs(offsetMs) < 1000
              ? words.clockSame
              : words.clockOff(formats.duration(Math.abs(offsetMs)), offsetMs > 0)}
        </Fact>
      </dl>
      {isWrong && <p class="terminal-warning">{words.clockWrong}</p>}
    </Panel>
  );
}

/** What is asked on the telephone: which terminal this is. */
export function IdentityPanel({ report }: TerminalFactsProps): VNode {
  const { snapshot } = useTill();
  const words = useTerminalWords();
  const formats = useFormats();
  return (
    <Panel title={words.identity}>
      <dl class="facts">
        <Fact name={words.terminalSn}>{report.terminalSn}</Fact>
        <Fact name={words.device}>{report.deviceId}</Fact>
        <Fact name={words.protocol}>{report.protocol}</Fact>
        <Fact name={words.domain}>{report.apiDomain}</Fact>
        <Fact name={words.folder}>{report.dataDirectory}</Fact>
        <Fact name={words.timeZone}>{snapshot.timeZone}</Fact>
        <Fact name={words.currency}>{snapshot.currency}</Fact>
        <Fact name={words.started}>{formats.dateTime(report.startedAtMs)}</Fact>
      </dl>
    </Panel>
  );
}

/** Which program this is. */
export function VersionsPanel({ redress, node, sqlite, system }: TerminalReport['versions']): VNode {
  const words = useTerminalWords();
  return (
    <Panel title={words.versions}>
      <dl class="facts">
        <Fact name="Redress">{redress}</Fact>
        <Fact name="Node.js">{node}</Fact>
        <Fact name="SQLite">{sqlite}</Fact>
        <Fact name={words.system}>{system}</Fact>
      </dl>
    </Panel>
  );
}

/** When something was and how long ago that is, at the time of the report. */
export function useSince(): (atMs: number | null) => string {
  const { state } = useTill();
  const words = useTerminalWords();
  const formats = useFormats();
  return (atMs) =>
    atMs === null
      ? words.never
      : words.since(formats.dateTime(atMs), formats.duration(Date.now() + state.clockOffsetMs - atMs));
}
