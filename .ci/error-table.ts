import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { ERROR_STRINGS } from '../renderer/strings/errors.ts';
import { inLanguage, LANGUAGES, type Language } from '../renderer/strings/languages.ts';
import { SERVICE_ERRORS_ZH } from '../renderer/strings/service-errors.ts';
import { SHELL_STRINGS } from '../renderer/strings/shell.ts';
import { ERRORS, type ErrorCode } from '../shared/errors.ts';
import { ERROR_ADVICE, PLACES, SCREEN_CODES, type ScreenCode } from './error-advice.ts';

/**
 * Writes the tables of errors in the operations manual, from the sentences that the program itself says: run it
 * again after a code or a sentence has changed.
 */

export const MANUAL = 'docs/OPERATIONS.md';
const STOPPED_PAGE = 'renderer/stopped.html';

/** Every code that a person can meet, in the order of the table. */
const CODES: readonly (ErrorCode | ScreenCode)[] = [...SCREEN_CODES, ...(Object.keys(ERRORS) as ErrorCode[])];

interface TableWords {
  readonly head: readonly [code: string, exit: string, seen: string, meaning: string, next: string];
  readonly separator: string;
  readonly asItSays: string;
}

const WORDS: Readonly<Record<Language, TableWords>> = {
  zh: {
    head: ['代码', '退出码', '出现在', '含义', '还要做什么'],
    separator: '、',
    asItSays: '按含义所述处理。',
  },
  en: {
    head: ['code', 'exit', 'seen in', 'means', 'what else to do'],
    separator: ', ',
    asItSays: 'As it says.',
  },
};

const MEANINGS_ZH: Readonly<Partial<Record<string, string>>> = { ...ERROR_STRINGS.zh, ...SERVICE_ERRORS_ZH };

/** The manual with both tables as the program has them now, formatted as the repository keeps it. */
export async function withErrorTables(manual: string): Promise<string> {
  const stoppedPage = await readFile(STOPPED_PAGE, 'utf8');
  let text = manual;
  for (const language of LANGUAGES) text = replaceTable(text, language, drawTable(language, stoppedPage));
  return format(text, { ...(await resolveConfig(MANUAL)), parser: 'markdown' });
}

function replaceTable(manual: string, language: Language, table: string): string {
  const [begin, end] = [
    `<!-- errors ${language}: npm run error-table -->`,
    `<!-- end of errors ${language} -->`,
  ];
  const [before, ...afterBegin] = manual.split(begin);
  const [, after, ...more] = afterBegin.join(begin).split(end);
  if (before === undefined || after === undefined || afterBegin.length > 1 || more.length > 0)
    throw new Error(`${MANUAL} needs exactly one pair of the lines ${begin} and ${end}`);
  return `${before}${begin}\n\n${table}\n\n${end}${after}`;
}

function drawTable(language: Language, stoppedPage: string): string {
  const { head, separator, asItSays } = WORDS[language];
  const rows = CODES.map((code) => {
    const { seen, next } = ERROR_ADVICE[code];
    const places = seen.map((place) => wordsOf(PLACES[place], language)).join(separator);
    const advice = next === null ? asItSays : wordsOf(next, language);
    return [`\`${code}\``, exitOf(code), places, meaningOf(code, language, stoppedPage), advice];
  });
  return [head, head.map(() => '---'), ...rows].map(drawRow).join('\n');
}

function drawRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function exitOf(code: ErrorCode | ScreenCode): string {
  return isScreenCode(code) ? '–' : String(ERRORS[code].exit);
}

function meaningOf(code: ErrorCode | ScreenCode, language: Language, stoppedPage: string): string {
  if (code === 'no_reply') return inLanguage(SHELL_STRINGS, language).noReply;
  if (code === 'screen_stopped') return sentenceOfStopped(stoppedPage, language);
  if (language === 'en') return ERRORS[code].message;
  const meaning = MEANINGS_ZH[code];
  if (meaning === undefined) throw new Error(`${code} has no Chinese words`);
  return meaning;
}

/** The sentence below the warning: that only the screen stopped. */
function sentenceOfStopped(page: string, language: Language): string {
  const section = page.split('<section').find((part) => part.includes(`id="stopped-${language}"`)) ?? '';
  const [, sentence] = /<p>([^<]+)<\/p>/.exec(section) ?? [];
  if (sentence === undefined) throw new Error(`${STOPPED_PAGE} has no sentence for ${language}`);
  return sentence.replaceAll(/\s+/g, ' ').trim();
}

function isScreenCode(code: ErrorCode | ScreenCode): code is ScreenCode {
  return SCREEN_CODES.some((known) => known === code);
}

function wordsOf(pair: readonly [zh: string, en: string], language: Language): string {
  return pair[LANGUAGES.indexOf(language)] ?? pair[1];
}

if (import.meta.main) {
  await writeFile(MANUAL, await withErrorTables(await readFile(MANUAL, 'utf8')));
  process.stderr.write(`Wrote ${CODES.length} codes into ${MANUAL}\n`);
}
