import type { ErrorCode } from '../shared/errors.ts';

/**
 * What the operations manual says of each code beyond the program's own sentence: where it is met, and what a
 * person does next. A new code does not compile before it has both.
 */

/** Where a person meets a code, as `[zh, en]`. */
export const PLACES = {
  till: ['收款屏幕', 'the till'],
  service: ['设置与支持', 'Set-up and support'],
  command: ['命令行', 'the command line'],
  browser: ['浏览器', 'a browser'],
  program: ['收银程序', 'a till program'],
  bundle: ['支持包', 'a support bundle'],
  log: ['日志', 'the log'],
} as const;
type Place = keyof typeof PLACES;

/** Codes that only a screen says, because nothing behind it could. */
export const SCREEN_CODES = ['no_reply', 'screen_stopped'] as const;
export type ScreenCode = (typeof SCREEN_CODES)[number];

interface Advice {
  readonly seen: readonly Place[];
  /** As `[zh, en]`; null where the sentence itself says all there is to do. */
  readonly next: readonly [zh: string, en: string] | null;
}

const WHERE_COLLECTED = ['till', 'command', 'program'] as const;
const WHERE_SET_UP = ['service', 'command', 'log'] as const;
const WHERE_OPENED = ['till', 'service', 'command', 'log'] as const;

export const ERROR_ADVICE: Readonly<Record<ErrorCode | ScreenCode, Advice>> = {
  no_reply: {
    seen: ['till', 'service'],
    next: [
      '先看“订单”和“未决”，再决定是否重试。画面会自动重新连接。',
      'Look at Orders and In doubt before anything is tried again. The screen connects again by itself.',
    ],
  },
  screen_stopped: {
    seen: ['till', 'log'],
    next: [
      '等五分钟，画面会自动重试；不行就重启本机。恢复后先看“订单”和“未决”，再收款。常常发生时请写支持包。',
      'Wait five minutes: it tries again by itself. Otherwise restart the machine. Look at Orders and In doubt before collecting. Where it happens often, write a support bundle.',
    ],
  },

  amount_missing: { seen: WHERE_COLLECTED, next: null },
  amount_malformed: { seen: WHERE_COLLECTED, next: null },
  amount_not_positive: { seen: WHERE_COLLECTED, next: null },
  amount_too_large: { seen: WHERE_COLLECTED, next: null },
  code_missing: { seen: WHERE_COLLECTED, next: null },
  code_malformed: {
    seen: WHERE_COLLECTED,
    next: [
      '反复出现时检查扫码枪：键盘布局设为美式，输入法切到英文。',
      'Where it keeps coming, look at the scanner: keyboard layout US, no input method that composes text.',
    ],
  },
  code_scanned_twice: {
    seen: WHERE_COLLECTED,
    next: [
      '打开“订单”看最新一笔：已付款就交货；确定没有扣款后，才请顾客刷新付款码。',
      'Open Orders and look at the newest: where it is paid, hand over. Only where it is proved not charged, ask the customer for a new code.',
    ],
  },
  sale_id_malformed: { seen: WHERE_COLLECTED, next: ['缩短销售单号。', 'Shorten the reference.'] },
  sale_undecided: {
    seen: WHERE_COLLECTED,
    next: [
      '在“未决”里看那一笔。若仍然收款而两笔都扣款，后一笔会自动退回。',
      'See the earlier order in In doubt. If both are charged after an override, the later one is given back by itself.',
    ],
  },
  sale_already_paid: { seen: WHERE_COLLECTED, next: null },
  order_unknown: {
    seen: WHERE_COLLECTED,
    next: [
      '其他柜台收的款不在本机：请到收款的那台终端，或收单方后台查找。',
      "Payments of another counter are not here: look at that terminal, or in the acquirer's console.",
    ],
  },
  already_revoked: { seen: WHERE_COLLECTED, next: ['无需操作。', 'Nothing.'] },
  being_revoked: {
    seen: WHERE_COLLECTED,
    next: [
      '证明到来之前不要从抽屉里退现金。',
      'Give no cash back meanwhile: the customer would have the money twice.',
    ],
  },
  not_paid: {
    seen: WHERE_COLLECTED,
    next: [
      '看该订单的状态：被拒绝或已撤销的没有扣款，无需退回。',
      'See how the order stands: where it was declined or reversed, there is nothing to give back.',
    ],
  },
  undecided: { seen: WHERE_COLLECTED, next: ['在“未决”里查看进展。', 'Follow it in In doubt.'] },
  cancel_possible: {
    seen: WHERE_COLLECTED,
    next: [
      '已付款的，在该订单页面按“撤单”；未决的，在“未决”里按“再次撤销”。',
      'Press Revoke on the page of a paid order, or Send the cancel again in In doubt.',
    ],
  },
  revoke_window_closed: {
    seen: WHERE_COLLECTED,
    next: ['打开该订单，按“退款”。', 'Open the order and press Refund.'],
  },
  needs_person: {
    seen: WHERE_COLLECTED,
    next: [
      '值班负责人打开“未决”，与收单方后台核对，然后再次撤销或人工结案。',
      "The shift lead opens In doubt, compares with the acquirer's console, and sends the cancel again or closes the case.",
    ],
  },
  nothing_owed: { seen: WHERE_COLLECTED, next: ['无需操作。', 'Nothing.'] },
  not_in_doubt: {
    seen: WHERE_COLLECTED,
    next: ['看该订单现在的指示，照做即可。', 'Do what the order says now.'],
  },
  not_in_attention: {
    seen: WHERE_COLLECTED,
    next: ['看该订单现在的指示，照做即可。', 'Do what the order says now.'],
  },
  too_many_undecided: {
    seen: WHERE_COLLECTED,
    next: [
      '检查网络：连不上收单方时未决只增不减。',
      'Check the network: without the acquirer none of them can be settled.',
    ],
  },

  usage: { seen: ['command'], next: null },
  arguments_invalid: {
    seen: ['till', 'service', 'command', 'program'],
    next: [
      '收银程序：按 `shared/contract.ts` 改正请求。屏幕上出现时请重启终端并报告。',
      'Till program: correct the call by `shared/contract.ts`. On a screen: restart the terminal, and report it.',
    ],
  },
  settings_unreadable: {
    seen: WHERE_SET_UP,
    next: [
      '括号里是文件名。若是数据目录里的 `settings.json`：关闭终端，再次运行 `redress init --config FILE`，文件里写上原来的 terminalSn。',
      'The file stands in brackets. Where it is `settings.json` of the data directory: close the terminal and run `redress init --config FILE` again, with its terminalSn in the file.',
    ],
  },
  settings_invalid: {
    seen: WHERE_SET_UP,
    next: ['改正括号里列出的项目。', 'Correct the members named in brackets.'],
  },
  identity_changed: {
    seen: WHERE_OPENED,
    next: [
      '括号里是账本所属的终端号和收单方地址。若那里的密钥已丢失、欠下的操作无法发出：按第 9 节人工核对，再从新的数据目录开始。',
      'The terminal and the address that the ledger belongs to stand in brackets. Where their key is lost and what is owed can never go out: settle it by hand as in section 9, then begin with a new data directory.',
    ],
  },
  key_file_invalid: {
    seen: WHERE_SET_UP,
    next: [
      '`activate` 和设置页激活时需要 vendorKey；`init` 在 Upay 需要 terminalKey，其他协议需要 privateKey 和 publicKey。',
      'To activate, here or on the set-up page, it needs a vendorKey; `init` needs a terminalKey for Upay, privateKey and publicKey for the others.',
    ],
  },
  not_configured: {
    seen: WHERE_OPENED,
    next: [
      '核对是不是终端账户运行、数据目录是否正确（--data、`$REDRESS_DATA`）。账本还在而设置丢失时，见第 11 节。',
      "Check that this is the till's account and its data directory (--data, `$REDRESS_DATA`). Where the ledger is there and the settings are lost, see section 11.",
    ],
  },
  not_activated: {
    seen: WHERE_OPENED,
    next: [
      '提示文件损坏时，把 `secrets.json` 另存，再激活。',
      'Where it says that the file is damaged, put `secrets.json` aside and activate.',
    ],
  },
  already_activated: {
    seen: WHERE_SET_UP,
    next: [
      '多半无需操作：本终端已有身份。',
      'Most often nothing: this terminal has its number and key already.',
    ],
  },
  activation_refused: {
    seen: WHERE_SET_UP,
    next: [
      '括号里是收单方的代码，请报给收单方。',
      "The acquirer's own code stands in brackets: tell it to the acquirer.",
    ],
  },
  activation_unanswered: {
    seen: WHERE_SET_UP,
    next: [
      '向收单方确认激活码是否已使用、终端是否已建立。无人值守时，改动预置文件或重启程序后才会再试。',
      'Ask the acquirer whether the code was used and a terminal was made. An unattended start tries again only after the provisioning file was changed or the program was restarted.',
    ],
  },
  provisioning_invalid: {
    seen: ['service', 'command', 'log'],
    next: [
      '括号里是出错的项目。最迟一分钟后自动重试，无需重启。',
      'The member stands in brackets. It is tried again within a minute; no restart is needed.',
    ],
  },
  secrets_sealed: {
    seen: WHERE_OPENED,
    next: [
      '收银程序自己这样提示时：换成终端账户登录，或解锁密钥环，几秒后自动恢复。`vault.json` 确已丢失或来自别的机器时，按第 8 节重新激活。',
      "Where the kiosk itself says so: sign in as the till's account, or unlock its keyring; it goes on by itself. Where `vault.json` is really lost or another machine's, activate again as in section 8.",
    ],
  },
  secrets_unprotected: {
    seen: WHERE_OPENED,
    next: ['见 3.4 节。练习模式不受影响。', 'See section 3.4. Practice works all the same.'],
  },
  activation_unknown: { seen: ['service', 'command'], next: null },
  checkin_unknown: { seen: ['command'], next: null },
  checkin_refused: {
    seen: ['command'],
    next: [
      '括号里是收单方的代码。机器时钟相差太多也会失败。',
      "The acquirer's own code stands in brackets. A clock that is far off fails too.",
    ],
  },
  acquirer_unreachable: {
    seen: ['service', 'command', 'log'],
    next: [
      '没有发出任何请求，激活码没有用掉。练习模式下是练习收单方没有启动，会自动重试。',
      'Nothing was sent, so an activation code is not used up. In practice: its own acquirer did not start; it is tried again by itself.',
    ],
  },

  terminal_in_use: {
    seen: WHERE_OPENED,
    next: [
      '收银程序或 `redress serve` 正开着。只想要支持包时无需关闭：`redress diagnostics FILE`。',
      'The kiosk or `redress serve` is open. A support bundle needs nothing closed: `redress diagnostics FILE`.',
    ],
  },
  data_read_only: {
    seen: WHERE_OPENED,
    next: [
      '把数据目录的所有者改回终端账户；曾用 root 或管理员运行过命令会这样。',
      "Give the data directory back to the till's account: a command run once as root or administrator leaves it so.",
    ],
  },
  data_full: {
    seen: WHERE_OPENED,
    next: [
      '删除其他程序的文件，不要删数据目录里的 `ledger.db`。',
      'Remove what other programs left, never `ledger.db` or what lies beside it.',
    ],
  },
  data_corrupt: {
    seen: WHERE_OPENED,
    next: [
      '先复制整个数据目录。备份会忘记备份之后的付款：按第 9 节逐笔核对后，才可使用备份或新目录。',
      'Copy the whole data directory first. A backup forgets the payments after it: settle those as in section 9, then use the backup or a new directory.',
    ],
  },
  data_newer: {
    seen: WHERE_OPENED,
    next: ['重新安装较新的版本。', 'Install the newer version again.'],
  },
  data_unavailable: {
    seen: WHERE_OPENED,
    next: [
      '括号里是路径和系统的原因。数据目录必须在本机磁盘上。',
      "The path and the system's reason stand in brackets. The data directory must lie on a disk of this machine.",
    ],
  },
  journal_broken: {
    seen: ['command', 'bundle'],
    next: [
      '写支持包，复制整个数据目录，不要改动任何文件。',
      'Write a support bundle, copy the whole data directory, and change no file in it.',
    ],
  },
  diagnostics_file_invalid: { seen: ['command'], next: null },
  diagnostics_unwritable: { seen: ['service', 'command'], next: null },
  diagnostics_part_missing: {
    seen: ['bundle'],
    next: [
      '其余部分有效。账本部分缺失时，关闭终端后运行 `redress journal verify`。',
      'The other parts are good. Where it is the ledger, close the terminal and run `redress journal verify`.',
    ],
  },

  port_in_use: { seen: ['command'], next: null },
  runtime_too_old: {
    seen: ['command'],
    next: ['安装版自带运行环境，不会出现。', 'The installed kiosk brings its own and never says so.'],
  },
  not_allowed: {
    seen: ['browser', 'program'],
    next: [
      '一次性地址只能打开一次：重启 `redress serve`，打开新的地址。',
      'The address opens once: start `redress serve` again and open the new one.',
    ],
  },
  not_practice: { seen: ['till', 'program'], next: ['无需操作。', 'Nothing.'] },
  call_unknown: {
    seen: ['till', 'program'],
    next: [
      '屏幕与终端版本不同：请重启。收银程序：名称见 `shared/call-names.ts`。',
      'The screen and the terminal are of different versions: restart. Till program: the names are in `shared/call-names.ts`.',
    ],
  },
  stopping: {
    seen: ['till', 'program'],
    next: [
      '等它重新启动，先看“订单”再重试。',
      'Wait until it has started again, and look at Orders before trying again.',
    ],
  },
  bug: {
    seen: ['till', 'service', 'command', 'log'],
    next: [
      '先看“订单”和“未决”。写支持包，重启，随支持包报告。',
      'Look at Orders and In doubt. Write a support bundle, restart, and report it with the bundle.',
    ],
  },
};
