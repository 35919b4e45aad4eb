import type { Agreement } from '../agreement.ts';
import type { Theme } from '../preferences.ts';
import type { Language, Translated } from './languages.ts';

/** Words of the Terminal screen and the practice panel. */
interface TerminalStrings {
  readonly noReport: string;
  readonly never: string;
  readonly since: (time: string, age: string) => string;

  readonly network: string;
  readonly acquirer: string;
  readonly notTried: string;
  readonly reachable: string;
  readonly unreachable: string;
  readonly lastReply: string;
  readonly lastFailure: string;

  readonly key: string;
  readonly keyDay: string;
  readonly keyOfToday: (day: string) => string;
  readonly keyFromSettings: string;
  readonly keyFile: string;
  readonly keyStored: string;
  readonly keyNotStored: string;
  readonly lastCheckin: string;
  readonly noCheckin: string;
  readonly checkinOk: string;
  readonly checkinFailed: string;

  readonly clock: string;
  readonly terminalClock: string;
  readonly acquirerClock: string;
  readonly clockUnknown: string;
  readonly clockSame: string;
  readonly clockOff: (by: string, isAhead: boolean) => string;
  readonly clockWrong: string;

  readonly ledger: string;
  readonly size: string;
  readonly entries: string;
  readonly owedCalls: string;
  readonly lastCheck: string;
  readonly checkResult: (problems: number) => string;
  readonly checked: (entries: string, orders: string) => string;
  readonly checkNow: string;
  readonly checking: string;
  readonly checkingHint: string;
  readonly checkNoReply: string;

  readonly versions: string;
  readonly system: string;
  readonly identity: string;
  readonly terminalSn: string;
  readonly device: string;
  readonly protocol: string;
  readonly domain: string;
  readonly folder: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly started: string;

  readonly screen: string;
  readonly language: string;
  readonly languages: Readonly<Record<Language, string>>;
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  readonly textSize: string;
  readonly percent: (size: string) => string;
  readonly sound: string;
  readonly sounds: Readonly<Record<'on' | 'off', string>>;
  readonly customerDisplay: string;
  readonly commandCards: string;

  readonly practice: string;
  readonly practiceHint: string;
  readonly fault: string;
  readonly faultCalls: (calls: string) => string;
  /** Calls that no order is waiting for. */
  readonly otherCalls: Readonly<Record<string, string>>;
  readonly comma: string;
  readonly times: string;
  readonly timesOf: (count: number) => string;
  readonly setFault: string;
  readonly pending: string;
  readonly nothingPending: string;
  readonly clear: string;
  readonly compare: string;
  readonly nothingHeld: string;
  readonly gatewaySide: string;
  readonly terminalSide: string;
  readonly holds: (amount: string) => string;
  readonly holdsNothing: string;
  readonly unlistedHere: string;
  readonly agreement: Readonly<Record<Agreement, string>>;
  readonly showAll: (count: number) => string;
}

const LANGUAGE_NAMES = { zh: '中文', en: 'English' } as const;

export const TERMINAL_STRINGS: Translated<TerminalStrings> = {
  zh: {
    noReport: '终端暂时没有答复；以下是最后一次读到的内容。',
    never: '尚无',
    since: (time, age) => `${time}（${age}前）`,
    network: '网络（根据实际请求得知）',
    acquirer: '收单方',
    notTried: '尚未发出请求',
    reachable: '可以连接',
    unreachable: '无法连接',
    lastReply: '最近答复',
    lastFailure: '最近失败',
    key: '密钥与签到',
    keyDay: '签到日',
    keyOfToday: (day) => `${day}（今天）`,
    keyFromSettings: '尚未签到，使用设置时的密钥',
    keyFile: '密钥文件',
    keyStored: '已保存到磁盘',
    keyNotStored: '当前密钥未能保存到磁盘，请检查磁盘；重启后可能无法使用。',
    lastCheckin: '最近签到',
    noCheckin: '本次启动后尚无',
    checkinOk: '成功',
    checkinFailed: '失败',
    clock: '时钟',
    terminalClock: '本终端',
    acquirerClock: '与收单方相比',
    clockUnknown: '未知，等待第一个答复',
    clockSame: '一致，相差不到一秒',
    clockOff: (by, isAhead) => `收单方${isAhead ? '快' : '慢'} ${by}`,
    clockWrong: '本机时钟相差超过一分钟，请校准。当日截止时间以收单方的时钟为准。',
    ledger: '账本',
    size: '大小',
    entries: '日志条数',
    owedCalls: '欠下的请求',
    lastCheck: '最近检查',
    checkResult: (problems) => (problems === 0 ? '完好' : `发现 ${problems} 个问题`),
    checked: (entries, orders) => `${entries} 条日志、${orders} 笔订单`,
    checkNow: '立即检查',
    checking: '正在检查…',
    checkingHint: '账本越大，时间越长，可能要几分钟。收款照常进行。',
    checkNoReply: '等待检查结果时没有得到答复。检查可能仍在进行，结果会显示在“最近检查”。',
    versions: '版本',
    system: '系统',
    identity: '身份',
    terminalSn: '终端号',
    device: '设备',
    protocol: '协议',
    domain: '收单方地址',
    folder: '数据目录',
    timeZone: '时区',
    currency: '币种',
    started: '启动时间',
    screen: '本屏幕',
    language: '语言',
    languages: LANGUAGE_NAMES,
    theme: '外观',
    themes: { system: '跟随系统', light: '浅色', dark: '深色' },
    textSize: '字号',
    percent: (size) => `${size}%`,
    sound: '提示音',
    sounds: { on: '开', off: '关' },
    customerDisplay: '打开顾客屏',
    commandCards: '命令卡',
    practice: '练习：接下来出什么错',
    practiceHint: '金额的最后两位也能选择故障：.12 断线，.16 被拒绝，.23 需要负责人。12.34 一切正常。',
    fault: '故障',
    faultCalls: (calls) => `适用于：${calls}。`,
    otherCalls: { activate: '激活', refund: '退款', checkin: '签到' },
    comma: '、',
    times: '次数',
    timesOf: (count) => `${count} 次`,
    setFault: '设置故障',
    pending: '等待发生',
    nothingPending: '没有设置故障，下一笔一切正常。',
    clear: '清除',
    compare: '练习收单方与本终端',
    nothingHeld: '练习收单方还没有订单。',
    gatewaySide: '收单方',
    terminalSide: '本终端',
    holds: (amount) => `实收 ${amount}`,
    holdsNothing: '没有收款',
    unlistedHere: '不在今天的列表里',
    agreement: { agree: '一致', settling: '正在核实', disagree: '不一致', unlisted: '未比较' },
    showAll: (count) => `显示全部 ${count} 笔`,
  },
  en: {
    noReport: 'The terminal did not answer; what is shown is what it said last.',
    never: 'None yet',
    since: (time, age) => `${time} (${age} ago)`,
    network: 'Network, as learnt from real calls',
    acquirer: 'Acquirer',
    notTried: 'Nothing sent yet',
    reachable: 'Reachable',
    unreachable: 'Not reachable',
    lastReply: 'Last reply',
    lastFailure: 'Last failure',
    key: 'Key and check-in',
    keyDay: 'Day of check-in',
    keyOfToday: (day) => `${day} (today)`,
    keyFromSettings: 'Not checked in yet; the key came with the settings',
    keyFile: 'Key file',
    keyStored: 'Stored on disk',
    keyNotStored:
      'The current key could not be stored. Check the disk; after a restart the key may not work any more.',
    lastCheckin: 'Last check-in',
    noCheckin: 'None since the start',
    checkinOk: 'Succeeded',
    checkinFailed: 'Failed',
    clock: 'Clock',
    terminalClock: 'This terminal',
    acquirerClock: "Acquirer's clock",
    clockUnknown: 'Unknown until the first reply',
    clockSame: 'The same, within a second',
    clockOff: (by, isAhead) => `${by} ${isAhead ? 'ahead' : 'behind'}`,
    clockWrong:
      "The two clocks differ by more than a minute: set this machine's clock. The end of the day goes by the acquirer's.",
    ledger: 'Ledger',
    size: 'Size',
    entries: 'Entries',
    owedCalls: 'Calls owed',
    lastCheck: 'Last check',
    checkResult: (problems) =>
      problems === 0 ? 'Holds' : problems === 1 ? '1 problem found' : `${problems} problems found`,
    checked: (entries, orders) => `${entries} entries, ${orders} orders`,
    checkNow: 'Check now',
    checking: 'Checking…',
    checkingHint:
      'The larger the ledger, the longer it takes, up to some minutes. Collecting goes on meanwhile.',
    checkNoReply:
      'No answer came while waiting. The check may still be running; its result appears under "Last check".',
    versions: 'Versions',
    system: 'System',
    identity: 'Identity',
    terminalSn: 'Terminal number',
    device: 'Device',
    protocol: 'Protocol',
    domain: "Acquirer's address",
    folder: 'Data folder',
    timeZone: 'Time zone',
    currency: 'Currency',
    started: 'Started',
    screen: 'This screen',
    language: 'Language',
    languages: LANGUAGE_NAMES,
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    textSize: 'Text size',
    percent: (size) => `${size} %`,
    sound: 'Sound',
    sounds: { on: 'On', off: 'Off' },
    customerDisplay: 'Customer display',
    commandCards: 'Command cards',
    practice: 'Practice: what goes wrong next',
    practiceHint:
      'The last two digits of an amount choose a fault as well: .12 line dead, .16 declined, .23 needs a person. 12.34 goes well.',
    fault: 'Fault',
    faultCalls: (calls) => `Can happen to: ${calls}.`,
    otherCalls: { activate: 'Activate', refund: 'Refund', checkin: 'Check-in' },
    comma: ', ',
    times: 'How often',
    timesOf: (count) => (count === 1 ? 'Once' : `${count} times`),
    setFault: 'Set fault',
    pending: 'Waiting to happen',
    nothingPending: 'No fault is set; the next call goes well.',
    clear: 'Clear',
    compare: 'What the gateway holds, and what this terminal shows',
    nothingHeld: 'The practice gateway has no orders yet.',
    gatewaySide: 'Gateway',
    terminalSide: 'Terminal',
    holds: (amount) => `holds ${amount}`,
    holdsNothing: 'holds nothing',
    unlistedHere: "not in today's list",
    agreement: { agree: 'Agree', settling: 'Finding out', disagree: 'Disagree', unlisted: 'Not compared' },
    showAll: (count) => `Show all ${count}`,
  },
};
