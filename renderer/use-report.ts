import { useEffect, useRef, useState } from 'preact/hooks';
import type { Reply } from '../shared/bridge.ts';
import type { Notice } from './state.ts';
import { useLatest } from './use-latest.ts';

interface ReportReading<Report> {
  /** The last one that was received; a failed reading keeps it. */
  readonly report: Report | null;
  /** Why the last reading failed; null once one succeeds. */
  readonly problem: Notice | null;
  /** Takes an answer from elsewhere that carries the same report. */
  readonly take: (reply: Reply<Report>) => void;
}

/**
 * Reads a report on arrival, whenever `cause` changes, and every so often while somebody can see it. The next
 * reading waits for the last one, so that a slow terminal is not asked faster than it answers.
 */
export function useReport<Report>(
  read: () => Promise<Reply<Report>>,
  intervalMs: number,
  cause: unknown,
): ReportReading<Report> {
  const [report, setReport] = useState<Report | null>(null);
  const [problem, setProblem] = useState<Notice | null>(null);
  const latest = useLatest(read);
  // An answer that was asked for before a newer one was taken is out of date.
  const turn = useRef(0);
  const take = (reply: Reply<Report>) => {
    turn.current += 1;
    if (reply.ok) setReport(reply.value);
    setProblem(reply.ok ? null : reply.error);
  };

  // What makes it read now, or once more after the reading under way.
  const wanted = useRef({ now: () => {}, again: false });
  useEffect(() => {
    let isOver = false;
    let isReading = false;
    let timer: number | undefined;
    const readOn = async () => {
      window.clearTimeout(timer);
      wanted.current.again = isReading;
      if (isReading) return;
      if (!document.hidden) {
        isReading = true;
        const asked = turn.current;
        const reply = await latest.current();
        isReading = false;
        if (isOver) return;
        if (asked === turn.current) take(reply);
      }
      timer = window.setTimeout(() => void readOn(), wanted.current.again ? 0 : intervalMs);
    };
    wanted.current.now = () => void readOn();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [intervalMs]);
  useEffect(() => wanted.current.now(), [intervalMs, cause]);

  return { report, problem, take };
}
