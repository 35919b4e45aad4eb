import type { Translated } from './languages.ts';

/** Words around every screen: navigation, connection, dialogs, help. */
interface ShellStrings {
  readonly connecting: string;
  readonly screens: string;
  readonly collect: string;
  readonly orders: string;
  readonly inDoubt: string;
  readonly terminal: string;
  readonly inDoubtCount: (count: number) => string;
  readonly help: string;
  readonly otherLanguage: string;
  readonly online: string;
  readonly offline: string;
  readonly practice: string;
  readonly practiceMark: string;
  readonly close: string;
  readonly noReply: string;
  readonly lostTitle: string;
  readonly lostSentence: string;
  readonly lostRetry: string;
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

export const SHELL_STRINGS: Translated<ShellStrings> = {
  zh: {
    connecting: '正在连接终端…',
    screens: '页面',
    collect: '收款',
    orders: '订单',
    inDoubt: '未决',
    terminal: '终端',
    inDoubtCount: (count) => `${count} 笔未决`,
    help: '快捷键',
    otherLanguage: 'English',
    online: '收单方已连接',
    offline: '无法连接收单方',
    practice: '练习模式 — 不涉及真实资金',
    practiceMark: '练习 · 非真实资金',
    close: '关闭',
    noReply: '终端没有答复，还不知道是否已执行。重试之前请先查看订单。',
    lostTitle: '终端没有响应',
    lostSentence: '暂时不能收款。欠下的操作都保存在磁盘上。',
    lostRetry: '本页面会自动重新连接。',
    refusedTitle: '本页面的会话已失效',
    refusedSentence: '终端正在运行。请打开它启动时给出的一次性地址。',
    shortcuts: '快捷键',
    shortcutsHint: '扫码枪可以随时扫描：付款码、小票号或命令卡。',
    shortcut: {
      collect: '收款页',
      orders: '订单页',
      inDoubt: '未决页',
      terminal: '终端页',
      revoke: '撤销屏幕上的订单',
      giveUp: '放弃',
      tryNow: '立即重试',
      search: '查找订单',
      nextSale: '下一笔，清空输入',
      submit: '确认所输入的内容',
      help: '显示本列表',
    },
  },
  en: {
    connecting: 'Connecting to the terminal…',
    screens: 'Screens',
    collect: 'Collect',
    orders: 'Orders',
    inDoubt: 'In doubt',
    terminal: 'Terminal',
    inDoubtCount: (count) => `${count} in doubt`,
    help: 'Shortcuts',
    otherLanguage: '中文',
    online: 'Acquirer reachable',
    offline: 'Acquirer not reachable',
    practice: 'PRACTICE — no real money',
    practiceMark: 'PRACTICE · NO REAL MONEY',
    close: 'Close',
    noReply:
      'The terminal did not answer, so nobody knows yet whether this was carried out. Look at the orders before you try again.',
    lostTitle: 'The terminal is not answering',
    lostSentence: 'Nothing new can be collected. What is owed is kept on disk.',
    lostRetry: 'This screen connects again by itself.',
    refusedTitle: 'This screen has no session any more',
    refusedSentence: 'The terminal is running. Open the one-time address that it printed when it started.',
    shortcuts: 'Shortcuts',
    shortcutsHint:
      'The scanner works at any time: a wallet code, the number on a receipt, or a command card.',
    shortcut: {
      collect: 'Collect',
      orders: 'Orders',
      inDoubt: 'In doubt',
      terminal: 'Terminal',
      revoke: 'Revoke the order on the screen',
      giveUp: 'Give up',
      tryNow: 'Try now',
      search: 'Find an order',
      nextSale: 'Next sale, clear what was typed',
      submit: 'Confirm what was typed',
      help: 'Show this list',
    },
  },
};
