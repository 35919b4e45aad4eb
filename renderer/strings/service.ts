import type { SetupArgs, Standing } from '../../shared/contract.ts';
import type { Bilingual } from './languages.ts';

type Protocol = SetupArgs['protocol'];
/** The two ways to a key: `upay` gives it for a code, the others know the public half of the merchant's own. */
export type KeyWay = 'upay' | 'client';

/** The steps of set-up, in their order. */
const CLIENT_STEPS = ['acquirer', 'client', 'review'] as const;
export const SET_UP_STEPS = {
  upay: ['acquirer', 'vendor', 'counter', 'code', 'review'],
  alipayplus: CLIENT_STEPS,
  miniprogram: CLIENT_STEPS,
} as const satisfies Readonly<Record<Protocol, readonly string[]>>;
export type SetUpStep = (typeof SET_UP_STEPS)[Protocol][number];

/** Words of the service page: set-up, connection, support bundle. */
interface ServiceStrings {
  readonly title: string;
  readonly back: string;
  readonly reading: string;
  readonly noReply: string;
  readonly standing: Readonly<Record<Standing, string>>;
  readonly standingHint: Readonly<Record<Standing, string>>;
  readonly opening: string;
  readonly openingHint: string;
  readonly problem: string;
  readonly triesAgain: string;
  readonly terminalSn: string;
  readonly folder: string;
  readonly version: string;

  readonly setUp: string;
  readonly setUpHint: Readonly<Record<KeyWay, string>>;
  readonly stepOf: (step: number, of: number) => string;
  readonly steps: Readonly<Record<SetUpStep, string>>;
  readonly protocol: string;
  readonly protocolHint: string;
  readonly protocols: Readonly<Record<Protocol, string>>;
  readonly apiDomain: string;
  readonly apiDomainHint: string;
  readonly apiDomainForm: string;
  readonly vendorSn: string;
  readonly appId: string;
  readonly vendorKeyFile: string;
  readonly vendorKeyHint: string;
  readonly keyFileThere: string;
  readonly keyFileMissing: string;
  readonly clientId: string;
  readonly keyVersion: string;
  readonly keyVersionHint: string;
  readonly keyVersionForm: string;
  readonly pathPrefix: string;
  readonly pathPrefixHint: string;
  readonly pathPrefixForm: string;
  readonly acquirerId: string;
  readonly pspId: string;
  readonly partiesHint: string;
  readonly clientKeyFile: string;
  readonly clientKeyHint: string;
  readonly none: string;
  readonly deviceName: string;
  readonly deviceId: string;
  readonly deviceIdHint: string;
  readonly timeZone: string;
  readonly timeZoneHint: string;
  readonly activationCode: string;
  readonly activationCodeHint: string;
  readonly reviewHint: Readonly<Record<KeyWay, string>>;
  readonly previous: string;
  readonly next: string;
  readonly apply: Readonly<Record<KeyWay, string>>;
  readonly applying: Readonly<Record<KeyWay, string>>;
  readonly activated: (terminalSn: string) => string;
  readonly activatedHint: string;
  readonly openTill: string;
  readonly noAnswerToApply: Readonly<Record<KeyWay, string>>;

  readonly test: string;
  readonly testing: string;
  readonly reachable: (latencyMs: number) => string;
  readonly unreachable: (code: string) => string;
  readonly clockOff: (seconds: number) => string;
  readonly movesNoMoney: string;

  readonly support: string;
  readonly supportHint: string;
  readonly write: string;
  readonly writing: string;
  readonly written: (file: string, kilobytes: number) => string;
}

export const SERVICE_STRINGS: Bilingual<ServiceStrings> = {
  title: ['设置与支持', 'Set-up and support'],
  back: ['返回收款', 'Back to the till'],
  reading: ['正在读取终端状态…', 'Reading how the terminal stands…'],
  noReply: [
    '终端没有答复，还不知道是否已执行。',
    'The terminal did not answer, so nobody knows yet whether this was carried out.',
  ],
  standing: {
    practice: ['练习模式 — 不涉及真实资金', 'PRACTICE — no real money'],
    running: ['正在营业', 'Working'],
    halted: ['暂时不能收款', 'Cannot collect now'],
  },
  standingHint: {
    practice: [
      '还没有设置。设置完成后立即转为真实收款。',
      'Nothing is set up yet. After set-up the terminal collects real money at once.',
    ],
    running: [
      '本终端已设置并激活，处理真实资金。更换身份请先关闭程序，再按运维手册操作。',
      'This terminal is set up and works with real money. To change its identity, close it and follow the operations manual.',
    ],
    halted: [
      '终端遇到下面的问题，解决之前不能收款。不要再次收款：顾客可能已经付款。',
      'The terminal has met the problem below and collects nothing until it is gone. Charge nobody another way before the last orders are known: they may have paid.',
    ],
  },
  opening: ['正在打开终端…', 'Opening the terminal…'],
  openingHint: ['请稍候，完成后自动继续。', 'Wait a moment; it goes on by itself.'],
  problem: ['问题', 'Problem'],
  triesAgain: [
    '问题消失后终端会自动恢复，无需重启。',
    'It goes on by itself once the problem is gone; no restart is needed.',
  ],
  terminalSn: ['终端号', 'Terminal number'],
  folder: ['数据目录', 'Data folder'],
  version: ['版本', 'Version'],
  setUp: ['设置本终端', 'Set up this terminal'],
  setUpHint: {
    upay: [
      '需要：收单方地址、服务商编号和密钥文件、门店的激活码。',
      "You need the acquirer's address, the vendor's numbers and key file, and the store's activation code.",
    ],
    client: [
      '需要：收单方地址、它分配的客户端编号，以及密钥对文件。',
      "You need the acquirer's address, the client number that it assigned, and the file with the keys.",
    ],
  },
  stepOf: [(step, of) => `第 ${step} 步，共 ${of} 步`, (step, of) => `Step ${step} of ${of}`],
  steps: {
    acquirer: ['收单方', 'Acquirer'],
    vendor: ['服务商', 'Vendor'],
    client: ['客户端与密钥', 'Client and keys'],
    counter: ['本柜台', 'This counter'],
    code: ['激活码', 'Activation code'],
    review: ['核对', 'Check everything'],
  },
  protocol: ['协议', 'Protocol'],
  protocolHint: ['由收单方告知。', 'The acquirer says which one it speaks.'],
  protocols: {
    upay: ['upay（收钱吧 / Upay v2）', 'upay (Shouqianba / Upay v2)'],
    alipayplus: ['alipayplus（Alipay+）', 'alipayplus (Alipay+)'],
    miniprogram: ['miniprogram（小程序钱包 v2）', 'miniprogram (mini-program wallets, v2)'],
  },
  apiDomain: ['收单方地址', "Acquirer's address"],
  apiDomainHint: ['以 https:// 开头，不带路径。', 'Begins with https:// and has no path.'],
  apiDomainForm: [
    '例如 https://api.example.com；http 只能用于本机。',
    'For example https://api.example.com; plain http only to this machine.',
  ],
  vendorSn: ['服务商序列号', 'Vendor number'],
  appId: ['应用编号', 'Application number'],
  vendorKeyFile: ['服务商密钥文件', "File of the vendor's key"],
  vendorKeyHint: [
    '本机上的 JSON 文件：{ "vendorKey": "…" }。密钥由终端读取，不经过本页面；激活后请删除该文件。',
    'A JSON file on this machine: { "vendorKey": "…" }. The terminal reads it; this page never sees the key. Delete it afterwards.',
  ],
  keyFileThere: ['已找到该文件', 'The file is there'],
  keyFileMissing: ['默认位置还没有该文件', 'There is no file at the usual place yet'],
  clientId: ['客户端编号（clientId）', 'Client number (clientId)'],
  keyVersion: ['密钥版本（keyVersion）', 'Key version (keyVersion)'],
  keyVersionHint: [
    '一般为 1，更换密钥时由收单方告知。',
    'Usually 1; the acquirer names another where keys were changed.',
  ],
  keyVersionForm: ['最多八位数字', 'A number of at most eight digits'],
  pathPrefix: ['路径前缀', 'Path prefix'],
  pathPrefixHint: [
    '收单方地址之后、每个接口之前的部分；可以为空。',
    "What follows the acquirer's address in every call; may be empty.",
  ],
  pathPrefixForm: ['例如 /aps/api，末尾没有斜杠', 'For example /aps/api, without a slash at its end'],
  acquirerId: ['收单方编号（acquirerId）', 'Acquirer number (acquirerId)'],
  pspId: ['支付机构编号（pspId）', 'Payment service provider (pspId)'],
  partiesHint: ['只有收单方要求时才填；两项须同时填写。', 'Only where the acquirer asks for it; then both.'],
  clientKeyFile: ['密钥文件', 'File of the keys'],
  clientKeyHint: [
    '本机上的 JSON 文件：{ "privateKey": "…", "publicKey": "…" }，即自己的私钥和收单方的公钥（PEM）。密钥由终端读取，不经过本页面；设置后请删除该文件。',
    'A JSON file on this machine: { "privateKey": "…", "publicKey": "…" }, your own private key and the acquirer\'s public one, as PEM. The terminal reads it; this page never sees a key. Delete it afterwards.',
  ],
  none: ['无', 'None'],
  deviceName: ['柜台名称', 'Name of this counter'],
  deviceId: ['设备编号', 'Device number'],
  deviceIdHint: [
    '每台机器必须不同；建议保留所示内容。',
    'Different on every machine; keep what is shown unless you have a list.',
  ],
  timeZone: ['时区', 'Time zone'],
  timeZoneHint: ['决定营业日何时结束。', 'Decides when the business day ends.'],
  activationCode: ['激活码', 'Activation code'],
  activationCodeHint: [
    '由收单方为门店发放，可能只能使用一次。',
    'The acquirer gave it for this store; it may work only once.',
  ],
  reviewHint: {
    upay: [
      '激活会使用激活码。成功后本终端立即处理真实资金。',
      'Activating uses the code. Once it succeeds this terminal works with real money.',
    ],
    client: [
      '设置之后本终端立即处理真实资金。密钥是否正确，第一笔付款才能知道。',
      'Once it is set up this terminal works with real money. Only the first payment tells whether the keys are right.',
    ],
  },
  previous: ['上一步', 'Back'],
  next: ['下一步', 'Next'],
  apply: { upay: ['激活', 'Activate'], client: ['开始使用', 'Set up'] },
  applying: { upay: ['正在激活…', 'Activating…'], client: ['正在设置…', 'Setting up…'] },
  activated: [
    (terminalSn) => `已设置，终端号 ${terminalSn}`,
    (terminalSn) => `Set up as terminal ${terminalSn}`,
  ],
  activatedHint: [
    '请删除密钥文件，然后用小额付款并撤单来验证。',
    'Delete the key file, then prove the counter with a small payment and its revoke.',
  ],
  openTill: ['开始收款', 'Open the till'],
  noAnswerToApply: {
    upay: [
      '没有得到答复。请稍候查看上面的状态；若仍未激活，请向收单方确认激活码是否已使用。',
      'No answer came. Wait and look at the state above; if it is still not activated, ask the acquirer whether the code was used.',
    ],
    client: [
      '没有得到答复。请稍候查看上面的状态；若仍未设置，请再试一次。',
      'No answer came. Wait and look at the state above; if it is still not set up, try again.',
    ],
  },
  test: ['测试连接', 'Test the connection'],
  testing: ['正在测试…', 'Testing…'],
  reachable: [(latencyMs) => `可以连接（${latencyMs} 毫秒）`, (latencyMs) => `Reachable (${latencyMs} ms)`],
  unreachable: [(code) => `无法连接（${code}）`, (code) => `Not reachable (${code})`],
  clockOff: [
    (seconds) => `本机时钟与收单方相差 ${seconds} 秒，请校准。`,
    (seconds) => `This machine's clock differs from the acquirer's by ${seconds} s. Set it.`,
  ],
  movesNoMoney: ['测试不涉及任何资金。', 'The test moves no money.'],
  support: ['支持包', 'Support bundle'],
  supportHint: [
    '写入一个文件：版本、设置（不含密钥）、账本检查、日志摘录、最近错误、时钟和网络状态。账本大时要几分钟，收款照常进行。',
    'Writes one file: versions, settings without keys, a check of the ledger, excerpts of journal and log, clock and network. A large ledger takes minutes; collecting goes on meanwhile.',
  ],
  write: ['写入支持包', 'Write the bundle'],
  writing: ['正在写入…', 'Writing…'],
  written: [
    (file, kilobytes) => `已写入 ${file}（${kilobytes} kB）`,
    (file, kilobytes) => `Written to ${file} (${kilobytes} kB)`,
  ],
};
