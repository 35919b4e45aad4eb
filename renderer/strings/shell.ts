import type { Bilingual } from './languages.ts';

/** Words around every screen: navigation, connection, dialogs, help. */
interface ShellStrings {
  readonly connecting: string;
  readonly screens: string;
  readonly collect: string;
  readonly orders: string;
  readonly inDoubt: string;
  readonly terminal: string;
  readonly inDoubtCount: (count: number) => string;
  readonly online: string;
  readonly offline: string;
  readonly offlineNow: string;
  readonly practice: string;
  readonly practiceMark: string;
  readonly close: string;
  readonly noReply: string;
  readonly lostTitle: string;
  readonly lostSentence: string;
  readonly lostRetry: string;
  readonly missing: string;
  readonly refusedTitle: string;
  readonly refusedSentence: string;

  readonly shortcuts: string;
  readonly shortcutsHint: string;
  readonly shortcut: {
    readonly collect: string;
    readonly orders: string;
    readonly inDoubt: string;
    readonly terminal: string;
    readonly revoke: string;
    readonly giveUp: string;
    readonly tryNow: string;
    readonly search: string;
    readonly nextSale: string;
    readonly submit: string;
    readonly help: string;
  };
}

export const SHELL_STRINGS: Bilingual<ShellStrings> = {
  connecting: ['正在连接终端…', 'Connecting to the terminal…'],
  screens: ['页面', 'Screens'],
  collect: ['收款', 'Collect'],
  orders: ['订单', 'Orders'],
  inDoubt: ['未决', 'In doubt'],
  terminal: ['终端', 'Terminal'],
  inDoubtCount: [(count) => `${count} 笔未决`, (count) => `${count} in doubt`],
  online: ['收单方已连接', 'Acquirer reachable'],
  offline: ['无法连接收单方', 'Acquirer not reachable'],
  offlineNow: [
    '，暂时不能收款。欠下的操作恢复后自动发出。',
    '. Nothing can be collected now; what is owed goes out by itself.',
  ],
  practice: ['练习模式 — 不涉及真实资金', 'PRACTICE — no real money'],
  practiceMark: ['练习 · 非真实资金', 'PRACTICE · NO REAL MONEY'],
  close: ['关闭', 'Close'],
  noReply: [
    '终端没有答复，还不知道是否已执行。重试之前请先查看订单。',
    'The terminal did not answer, so nobody knows yet whether this was carried out. Look at the orders before you try again.',
  ],
  lostTitle: ['终端没有响应', 'The terminal is not answering'],
  lostSentence: [
    '暂时不能收款。欠下的操作都保存在磁盘上。',
    'Nothing new can be collected. What is owed is kept on disk.',
  ],
  lostRetry: ['本页面会自动重新连接。', 'This screen connects again by itself.'],
  missing: ['此页面未能加载，收款不受影响', 'This screen could not be loaded. Collecting goes on'],
  refusedTitle: ['本页面的会话已失效', 'This screen has no session any more'],
  refusedSentence: [
    '终端正在运行。请打开它启动时给出的一次性地址。',
    'The terminal is running. Open the one-time address that it printed when it started.',
  ],
  shortcuts: ['快捷键', 'Shortcuts'],
  shortcutsHint: [
    '扫码枪可以随时扫描：付款码、小票号或命令卡。',
    'The scanner works at any time: a wallet code, the number on a receipt, or a command card.',
  ],
  shortcut: {
    collect: ['收款页', 'Collect'],
    orders: ['订单页', 'Orders'],
    inDoubt: ['未决页', 'In doubt'],
    terminal: ['终端页', 'Terminal'],
    revoke: ['撤销屏幕上的订单', 'Revoke the order on the screen'],
    giveUp: ['放弃', 'Give up'],
    tryNow: ['立即重试', 'Try now'],
    search: ['查找订单', 'Find an order'],
    nextSale: ['下一笔，清空输入', 'Next sale, clear what was typed'],
    submit: ['确认所输入的内容', 'Confirm what was typed'],
    help: ['显示本列表', 'Show this list'],
  },
};
