import type { Agreement } from '../agreement.ts';
import type { TextSize, Theme } from '../preferences.ts';
import type { Bilingual } from './languages.ts';

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
  readonly theme: string;
  readonly themes: Readonly<Record<Theme, string>>;
  readonly textSize: string;
  readonly textSizes: Readonly<Record<TextSize, string>>;
  readonly sound: string;
  readonly sounds: Readonly<Record<'on' | 'off', string>>;
  readonly customerDisplay: string;
  readonly commandCards: string;
  readonly service: string;

  readonly practice: string;
  readonly practiceHint: string;
  readonly fault: string;
  /** Calls that no order is waiting for. */
  readonly times: string;
  readonly timesOf: (count: number) => string;
  readonly setFault: string;
  readonly pending: string;
  readonly nothingPending: string;
  readonly clear: string;
  readonly compare: string;
  readonly gatewaySide: string;
  readonly holds: (amount: string) => string;
  readonly holdsNothing: string;
  readonly unlistedHere: string;
  readonly agreement: Readonly<Record<Agreement, string>>;
  readonly showAll: (count: number) => string;
}

export const TERMINAL_STRINGS: Bilingual<TerminalStrings> = {
  noReport: [
    '终端没有答复；以下是最后读到的内容。',
    'The terminal did not answer; this is what it said last.',
  ],
  never: ['尚无', 'None yet'],
  since: [(time, age) => `${time}（${age}前）`, (time, age) => `${time} (${age} ago)`],
  network: ['网络（根据实际请求得知）', 'Network, as learnt from real calls'],
  acquirer: ['收单方', 'Acquirer'],
  notTried: ['尚未发出请求', 'Nothing sent yet'],
  reachable: ['可以连接', 'Reachable'],
  unreachable: ['无法连接', 'Not reachable'],
  lastReply: ['最近答复', 'Last reply'],
  lastFailure: ['最近失败', 'Last failure'],
  key: ['密钥与签到', 'Key and check-in'],
  keyDay: ['签到日', 'Day of check-in'],
  keyOfToday: [(day) => `${day}（今天）`, (day) => `${day} (today)`],
  keyFromSettings: ['尚未签到，使用设置时的密钥', 'Not checked in yet; the key came with the settings'],
  keyFile: ['密钥文件', 'Key file'],
  keyStored: ['已保存到磁盘', 'Stored on disk'],
  keyNotStored: [
    '密钥未能保存到磁盘，请检查磁盘；重启后可能失效。',
    'The key could not be stored. Check the disk; after a restart it may not work any more.',
  ],
  lastCheckin: ['最近签到', 'Last check-in'],
  noCheckin: ['本次启动后尚无', 'None since the start'],
  checkinOk: ['成功', 'Succeeded'],
  checkinFailed: ['失败', 'Failed'],
  clock: ['时钟', 'Clock'],
  terminalClock: ['本终端', 'This terminal'],
  acquirerClock: ['与收单方相比', "Acquirer's clock"],
  clockUnknown: ['未知，等待第一个答复', 'Unknown until the first reply'],
  clockSame: ['一致，相差不到一秒', 'The same, within a second'],
  clockOff: [
    (by, isAhead) => `收单方${isAhead ? '快' : '慢'} ${by}`,
    (by, isAhead) => `${by} ${isAhead ? 'ahead' : 'behind'}`,
  ],
  clockWrong: [
    '相差超过一分钟，请校准本机时钟。当日以收单方的时钟为准。',
    "They differ by more than a minute: set this machine's clock. The day goes by the acquirer's.",
  ],
  ledger: ['账本', 'Ledger'],
  size: ['大小', 'Size'],
  entries: ['日志条数', 'Entries'],
  owedCalls: ['欠下的请求', 'Calls owed'],
  lastCheck: ['最近检查', 'Last check'],
  checkResult: [
    (problems) => (problems === 0 ? '完好' : `发现 ${problems} 个问题`),
    (problems) => (problems === 0 ? 'Holds' : `${problems} problem${problems === 1 ? '' : 's'} found`),
  ],
  checked: [
    (entries, orders) => `${entries} 条日志、${orders} 笔订单`,
    (entries, orders) => `${entries} entries, ${orders} orders`,
  ],
  checkNow: ['立即检查', 'Check now'],
  checking: ['正在检查…', 'Checking…'],
  checkingHint: [
    '账本大时要几分钟。收款照常进行。',
    'A large ledger takes some minutes. Collecting goes on meanwhile.',
  ],
  checkNoReply: [
    '没有得到答复。检查可能仍在进行，请看“最近检查”。',
    'No answer came. The check may still be running: see "Last check".',
  ],
  versions: ['版本', 'Versions'],
  system: ['系统', 'System'],
  identity: ['身份', 'Identity'],
  terminalSn: ['终端号', 'Terminal number'],
  device: ['设备', 'Device'],
  protocol: ['协议', 'Protocol'],
  domain: ['收单方地址', "Acquirer's address"],
  folder: ['数据目录', 'Data folder'],
  timeZone: ['时区', 'Time zone'],
  currency: ['币种', 'Currency'],
  started: ['启动时间', 'Started'],
  screen: ['本屏幕', 'This screen'],
  language: ['语言', 'Language'],
  theme: ['外观', 'Theme'],
  themes: { system: ['跟随系统', 'As the system'], light: ['浅色', 'Light'], dark: ['深色', 'Dark'] },
  textSize: ['字号', 'Text size'],
  textSizes: {
    100: ['100%', '100 %'],
    125: ['125%', '125 %'],
    150: ['150%', '150 %'],
    200: ['200%', '200 %'],
  },
  sound: ['提示音', 'Sound'],
  sounds: { on: ['开', 'On'], off: ['关', 'Off'] },
  customerDisplay: ['打开顾客屏', 'Customer display'],
  commandCards: ['命令卡', 'Command cards'],
  service: ['设置与支持', 'Set-up and support'],
  practice: ['练习：接下来出什么错', 'Practice: what goes wrong next'],
  practiceHint: [
    '金额的末两位也能选择故障：.12 断线，.16 被拒绝，.23 需要负责人，12.34 一切正常。',
    'The last two digits of an amount choose a fault as well: .12 line dead, .16 declined, .23 needs a person; 12.34 goes well.',
  ],
  fault: ['故障', 'Fault'],
  times: ['次数', 'How often'],
  timesOf: [(count) => `${count} 次`, (count) => (count === 1 ? 'Once' : `${count} times`)],
  setFault: ['设置故障', 'Set fault'],
  pending: ['等待发生', 'Waiting to happen'],
  nothingPending: ['没有设置故障，下一笔一切正常。', 'No fault is set; the next call goes well.'],
  clear: ['清除', 'Clear'],
  compare: ['练习收单方与本终端', 'Gateway and this terminal'],
  gatewaySide: ['收单方', 'Gateway'],
  holds: [(amount) => `实收 ${amount}`, (amount) => `holds ${amount}`],
  holdsNothing: ['没有收款', 'holds nothing'],
  unlistedHere: ['不在今天的列表里', "not in today's list"],
  agreement: {
    agree: ['一致', 'Agree'],
    settling: ['正在核实', 'Finding out'],
    disagree: ['不一致', 'Disagree'],
    unlisted: ['未比较', 'Not compared'],
  },
  showAll: [(count) => `显示全部 ${count} 笔`, (count) => `Show all ${count}`],
};
