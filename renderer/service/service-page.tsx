import { useEffect, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import type { Reply, ScreenApi } from '../../shared/bridge.ts';
import type { SetupReport } from '../../shared/contract.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { Fact } from '../components/facts.tsx';
import { usePreferences, type PreferencesControl } from '../preferences.ts';
import { LANGUAGE_NAMES, LANGUAGES, LOCALES } from '../strings/languages.ts';
import { ServiceLanguage, useErrorText, useServiceWords } from './service-words.ts';
import { SetUpWizard } from './set-up-wizard.tsx';
import { SupportPanel } from './support-panel.tsx';

/** A halted terminal heals by itself, so how it stands is read again this often. */
const READ_MS = 2000;

/** Where merchant IT sets the terminal up, sees why it cannot collect, and writes a support bundle. */
export function ServicePage({ api }: { readonly api: ScreenApi }): VNode {
  const control = usePreferences();
  return (
    <ServiceLanguage.Provider value={control.preferences.language}>
      <main class="screen service">
        <Head control={control} />
        <Body api={api} />
      </main>
    </ServiceLanguage.Provider>
  );
}

function Head({ control: { preferences, change } }: { readonly control: PreferencesControl }): VNode {
  const words = useServiceWords();
  useEffect(() => {
    document.title = `${words.title} · Redress`;
  }, [words]);
  return (
    <header class="service-head">
      <h1>{words.title}</h1>
      <div class="service-tools">
        {LANGUAGES.map((language) => (
          <button
            key={language}
            type="button"
            class="button"
            lang={LOCALES[language]}
            aria-pressed={preferences.language === language}
            onClick={() => change({ language })}
          >
            {LANGUAGE_NAMES[language]}
          </button>
        ))}
      </div>
    </header>
  );
}

function Body({ api }: { readonly api: ScreenApi }): VNode {
  const words = useServiceWords();
  const errorText = useErrorText();
  const reply = useSetupReport(api);
  const [activatedSn, setActivatedSn] = useState<string | null>(null);
  if (reply === null) return <p>{words.reading}</p>;
  if (!reply.ok)
    return (
      <p class="notice" role="alert">
        {errorText(reply.error)}
      </p>
    );
  const report = reply.value;
  return (
    <>
      <StandingPanel report={report} />
      {activatedSn !== null && <Activated terminalSn={activatedSn} />}
      {activatedSn === null && canSetUp(report) && (
        <SetUpWizard api={api} report={report} onActivated={setActivatedSn} />
      )}
      <SupportPanel api={api} />
    </>
  );
}

/** What no set-up mends: a disk, a ledger, another process, a system without a key store. */
const NOT_OF_SET_UP: readonly ErrorCode[] = [
  'terminal_in_use',
  'data_read_only',
  'data_full',
  'data_corrupt',
  'data_newer',
  'data_unavailable',
  'secrets_unprotected',
];

function canSetUp({ standing, problem }: SetupReport): boolean {
  if (standing === 'halted') return problem !== null && !NOT_OF_SET_UP.includes(problem.code);
  return standing === 'practice';
}

/** What is left to do by hand after set-up. */
function Activated({ terminalSn }: { readonly terminalSn: string }): VNode {
  const words = useServiceWords();
  return (
    <section class="panel service-panel" aria-live="polite">
      <h2 class="service-good">{words.activated(terminalSn)}</h2>
      <p>{words.activatedHint}</p>
      <a class="button button-primary" href="./">
        {words.openTill}
      </a>
    </section>
  );
}

/** Reads how the terminal stands now and every few seconds; an answer is kept until the next one. */
function useSetupReport(api: ScreenApi): Reply<SetupReport> | null {
  const [reply, setReply] = useState<Reply<SetupReport> | null>(null);
  useEffect(() => {
    let isOver = false;
    let timer: number | undefined;
    const read = async (): Promise<void> => {
      const next = await api['setup.get']({});
      if (isOver) return;
      setReply(next);
      timer = window.setTimeout(() => void read(), READ_MS);
    };
    void read();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [api]);
  return reply;
}

function StandingPanel({ report }: { readonly report: SetupReport }): VNode {
  const words = useServiceWords();
  const errorText = useErrorText();
  const { standing, problem, terminalSn, dataDirectory, version } = report;
  const isOpening = standing === 'halted' && problem === null;
  return (
    <section class="panel service-panel" data-standing={standing}>
      <h2 aria-live="polite">{isOpening ? words.opening : words.standing[standing]}</h2>
      <p>{isOpening ? words.openingHint : words.standingHint[standing]}</p>
      {problem !== null && (
        <div class="notice" role="alert">
          <p>
            <strong>{words.problem}:</strong> {errorText(problem)} <code>{problem.code}</code>
          </p>
          <p>{words.triesAgain}</p>
        </div>
      )}
      <dl class="facts">
        {standing === 'running' && terminalSn !== null && <Fact name={words.terminalSn}>{terminalSn}</Fact>}
        <Fact name={words.folder}>
          <code>{dataDirectory}</code>
        </Fact>
        <Fact name={words.version}>{version}</Fact>
      </dl>
      {standing !== 'halted' && (
        <a class="button" href="./">
          {words.back}
        </a>
      )}
    </section>
  );
}
