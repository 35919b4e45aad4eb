import { useId } from 'preact/hooks';
import type { VNode } from 'preact';
import { assertNever } from '../../shared/assert.ts';
import type { ScreenApi } from '../../shared/bridge.ts';
import type { SetupReport } from '../../shared/contract.ts';
import { Fact } from '../components/facts.tsx';
import type { SetUpStep } from '../strings/service.ts';
import { ConnectionCheck } from './connection-check.tsx';
import { useServiceWords } from './service-words.ts';
import type { SetUpForm } from './set-up-wizard.tsx';
import { TextField } from './text-field.tsx';

interface SetUpFieldsProps {
  readonly step: SetUpStep;
  readonly form: SetUpForm;
  readonly api: ScreenApi;
  readonly report: SetupReport;
  readonly onChange: (change: Partial<SetUpForm>) => void;
}

/** A first look at an address; what is really allowed is the terminal's to say (shared/settings.ts). */
const ADDRESS = String.raw`\s*(https://[^/?#@\s]+|http://(127(\.\d+){3}|localhost|\[::1\])(:\d+)?)/?\s*`;

/** Segments, each begun with a slash, and none behind the last. */
const PATH_PREFIX = String.raw`\s*(/[A-Za-z0-9._~\-]+)*\s*`;

/** What one step asks for. The lengths are those of the wire (shared/settings.ts). */
export function SetUpFields(props: SetUpFieldsProps): VNode {
  switch (props.step) {
    case 'acquirer':
      return <AcquirerFields {...props} />;
    case 'vendor':
      return <VendorFields {...props} />;
    case 'client':
      return <ClientFields {...props} />;
    case 'counter':
      return <CounterFields {...props} />;
    case 'code':
      return <CodeField {...props} />;
    case 'review':
      return <Review {...props} />;
    default:
      return assertNever(props.step);
  }
}

function AcquirerFields({ form, api, onChange }: SetUpFieldsProps): VNode {
  const words = useServiceWords();
  return (
    <>
      <SelectField
        label={words.protocol}
        hint={words.protocolHint}
        value={form.protocol}
        names={words.protocols}
        onSelect={(protocol) => onChange({ protocol })}
      />
      <TextField
        label={words.apiDomain}
        hint={words.apiDomainHint}
        form={{ pattern: ADDRESS, words: words.apiDomainForm }}
        value={form.apiDomain}
        maxLength={256}
        onText={(apiDomain) => onChange({ apiDomain })}
      />
      <ConnectionCheck api={api} apiDomain={form.apiDomain.trim()} />
    </>
  );
}

function VendorFields({ form, report, onChange }: SetUpFieldsProps): VNode {
  const words = useServiceWords();
  return (
    <>
      <TextField
        label={words.vendorSn}
        value={form.vendorSn}
        maxLength={32}
        onText={(vendorSn) => onChange({ vendorSn })}
      />
      <TextField
        label={words.appId}
        value={form.appId}
        maxLength={64}
        onText={(appId) => onChange({ appId })}
      />
      <KeyFileField
        label={words.vendorKeyFile}
        hint={words.vendorKeyHint}
        value={form.vendorKeyFile}
        usual={report.form.vendorKeyFile}
        isThere={report.isVendorKeyThere}
        onText={(vendorKeyFile) => onChange({ vendorKeyFile })}
      />
    </>
  );
}

function CounterFields({ form, onChange }: SetUpFieldsProps): VNode {
  const words = useServiceWords();
  return (
    <>
      <TextField
        label={words.deviceName}
        value={form.deviceName}
        maxLength={64}
        isOptional
        onText={(deviceName) => onChange({ deviceName })}
      />
      <TextField
        label={words.deviceId}
        hint={words.deviceIdHint}
        value={form.deviceId}
        maxLength={32}
        onText={(deviceId) => onChange({ deviceId })}
      />
      <TimeZoneField {...{ form, onChange }} />
    </>
  );
}

function TimeZoneField({ form, onChange }: Pick<SetUpFieldsProps, 'form' | 'onChange'>): VNode {
  const words = useServiceWords();
  const zones = timeZonesWith(form.timeZone);
  return (
    <SelectField
      label={words.timeZone}
      hint={words.timeZoneHint}
      value={form.timeZone}
      names={Object.fromEntries(zones.map((zone) => [zone, zone]))}
      onSelect={(timeZone) => onChange({ timeZone })}
    />
  );
}

/** What an acquirer assigns to whoever signs with a key pair, and where that pair lies. */
function ClientFields({ form, report, onChange }: SetUpFieldsProps): VNode {
  const words = useServiceWords();
  const isAlipayplus = form.protocol === 'alipayplus';
  const prefix = isAlipayplus ? 'alipayplusPathPrefix' : 'miniprogramPathPrefix';
  return (
    <>
      <TextField
        label={words.clientId}
        value={form.clientId}
        maxLength={64}
        onText={(clientId) => onChange({ clientId })}
      />
      <TextField
        label={words.keyVersion}
        hint={words.keyVersionHint}
        form={{ pattern: String.raw`\s*\d{1,8}\s*`, words: words.keyVersionForm }}
        value={form.keyVersion}
        maxLength={8}
        onText={(keyVersion) => onChange({ keyVersion })}
      />
      <TextField
        label={words.pathPrefix}
        hint={words.pathPrefixHint}
        form={{ pattern: PATH_PREFIX, words: words.pathPrefixForm }}
        value={form[prefix]}
        maxLength={128}
        isOptional
        onText={(text) => onChange({ [prefix]: text })}
      />
      {isAlipayplus && <PartyFields {...{ form, onChange }} />}
      <KeyFileField
        label={words.clientKeyFile}
        hint={words.clientKeyHint}
        value={form.clientKeyFile}
        usual={report.form.clientKeyFile}
        isThere={report.isClientKeyThere}
        onText={(clientKeyFile) => onChange({ clientKeyFile })}
      />
      <TimeZoneField {...{ form, onChange }} />
    </>
  );
}

/** Both are asked for as soon as one is there: no acquirer takes one alone. */
function PartyFields({ form, onChange }: Pick<SetUpFieldsProps, 'form' | 'onChange'>): VNode {
  const words = useServiceWords();
  const { acquirerId, pspId } = form;
  return (
    <>
      <TextField
        label={words.acquirerId}
        hint={words.partiesHint}
        value={acquirerId}
        maxLength={64}
        isOptional={pspId.trim() === ''}
        onText={(text) => onChange({ acquirerId: text })}
      />
      <TextField
        label={words.pspId}
        hint={words.partiesHint}
        value={pspId}
        maxLength={64}
        isOptional={acquirerId.trim() === ''}
        onText={(text) => onChange({ pspId: text })}
      />
    </>
  );
}

interface KeyFileFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  /** Where it lies unless somebody says otherwise, and whether it does. */
  readonly usual: string;
  readonly isThere: boolean;
  readonly onText: (path: string) => void;
}

function KeyFileField({ usual, isThere, ...field }: KeyFileFieldProps): VNode {
  const words = useServiceWords();
  return (
    <TextField {...field} maxLength={1024}>
      {field.value === usual && (
        <p class={isThere ? 'service-good' : 'service-bad'}>
          {isThere ? words.keyFileThere : words.keyFileMissing}
        </p>
      )}
    </TextField>
  );
}

interface SelectFieldProps<Value extends string> {
  readonly label: string;
  readonly hint: string;
  readonly value: Value;
  /** One choice for each, in this order. */
  readonly names: Readonly<Record<Value, string>>;
  readonly onSelect: (value: Value) => void;
}

function SelectField<Value extends string>(props: SelectFieldProps<Value>): VNode {
  const { label, hint, value, names, onSelect } = props;
  const id = useId();
  const values = Object.keys(names) as Value[];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-hint`}
        onChange={({ currentTarget }) => onSelect(values[currentTarget.selectedIndex] ?? value)}
      >
        {values.map((each) => (
          <option key={each} value={each}>
            {names[each]}
          </option>
        ))}
      </select>
      <p class="field-hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}

/** The zones this browser knows, and the one that is set whether it knows it or not. */
function timeZonesWith(chosen: string): readonly string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes(chosen) ? known : [chosen, ...known];
}

function CodeField({ form, onChange }: SetUpFieldsProps): VNode {
  const words = useServiceWords();
  return (
    <TextField
      label={words.activationCode}
      hint={words.activationCodeHint}
      value={form.activationCode}
      maxLength={64}
      onText={(activationCode) => onChange({ activationCode })}
    />
  );
}

function Review({ form }: SetUpFieldsProps): VNode {
  const words = useServiceWords();
  return (
    <>
      <dl class="facts">
        <Fact name={words.protocol}>{words.protocols[form.protocol]}</Fact>
        <Fact name={words.apiDomain}>{form.apiDomain}</Fact>
        {form.protocol === 'upay' ? <UpayFacts form={form} /> : <ClientFacts form={form} />}
        <Fact name={words.timeZone}>{form.timeZone}</Fact>
      </dl>
      <p class="service-warning">{words.reviewHint[form.protocol === 'upay' ? 'upay' : 'client']}</p>
    </>
  );
}

function UpayFacts({ form }: Pick<SetUpFieldsProps, 'form'>): VNode {
  const words = useServiceWords();
  return (
    <>
      <Fact name={words.vendorSn}>{form.vendorSn}</Fact>
      <Fact name={words.appId}>{form.appId}</Fact>
      <Fact name={words.vendorKeyFile}>{form.vendorKeyFile}</Fact>
      <Fact name={words.deviceName}>{form.deviceName}</Fact>
      <Fact name={words.deviceId}>{form.deviceId}</Fact>
      <Fact name={words.activationCode}>{form.activationCode}</Fact>
    </>
  );
}

function ClientFacts({ form }: Pick<SetUpFieldsProps, 'form'>): VNode {
  const words = useServiceWords();
  const isAlipayplus = form.protocol === 'alipayplus';
  return (
    <>
      <Fact name={words.clientId}>{form.clientId}</Fact>
      <Fact name={words.keyVersion}>{form.keyVersion}</Fact>
      <Fact name={words.pathPrefix}>
        {(isAlipayplus ? form.alipayplusPathPrefix : form.miniprogramPathPrefix) || words.none}
      </Fact>
      {isAlipayplus && <Fact name={words.acquirerId}>{form.acquirerId || words.none}</Fact>}
      {isAlipayplus && <Fact name={words.pspId}>{form.pspId || words.none}</Fact>}
      <Fact name={words.clientKeyFile}>{form.clientKeyFile}</Fact>
    </>
  );
}
