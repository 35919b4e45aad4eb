import { EXIT, failure, type ExitCode } from '../../../shared/errors.ts';
import type { JournalEntry } from '../../ledger/journal.ts';
import { openToRead } from '../../open-terminal.ts';
import type { Context } from '../context.ts';

/** Checks the file, the hash chain and the projections. */
export function journalVerify(context: Context): ExitCode {
  const opened = openToRead(context.directory);
  if (!opened.ok) return context.console.fail(opened.error);
  const { ledger, close } = opened.value;
  const all = ledger.lastSeq();
  const report = ledger.verify((checked) => context.console.note(`${checked} of ${all} entries checked`));
  close();
  if (report.problems.length > 0) {
    return context.console.fail(failure('journal_broken', report.problems.slice(0, 5).join('; ')));
  }
  const { entries, orders } = report;
  context.console.result(
    { ok: true, entries, orders },
    `The journal is whole: ${entries} entries, ${orders} orders, projections agree.`,
  );
  return EXIT.done;
}

/** Writes the whole journal as JSON lines; with `--json` as one array. */
export function journalExport(context: Context): ExitCode {
  const opened = openToRead(context.directory);
  if (!opened.ok) return context.console.fail(opened.error);
  const { ledger, close } = opened.value;
  if (context.console.isJson) context.console.result([...ledger.journal()].map(exportEntry), '');
  else for (const entry of ledger.journal()) context.console.line(JSON.stringify(exportEntry(entry)));
  close();
  return EXIT.done;
}

function exportEntry(entry: JournalEntry) {
  const { seq, clientSn, previousSeq, atMs, event, version, body, hash } = entry;
  return {
    seq,
    clientSn,
    previousSeq,
    atMs,
    event,
    version,
    body: JSON.parse(body) as unknown,
    hash: hash.toString('hex'),
  };
}
