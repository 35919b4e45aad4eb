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

/** What one step asks for. The lengths are those of the wire (shared/settings.ts). */
export function SetUpFields(props: SetUpFieldsProps): VNode {
  switch (props.step) {
    case 'acquirer':
      return <AcquirerFields {...props} />;
    case 'vendor':
      return <VendorFields {...props} />;
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
      <dl class="facts">
        <Fact name={words.protocol}>{words.protocolUpay}</Fact>
      </dl>
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
  const isUsualPlace = form.vendorKeyFile === report.form.vendorKeyFile;
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
      <TextField
        label={words.vendorKeyFile}
        hint={words.vendorKeyHint}
        value={form.vendorKeyFile}
        maxLength={1024}
        onText={(vendorKeyFile) => onChange({ vendorKeyFile })}
      >
        {isUsualPlace && (
          <p class={report.isVendorKeyThere ? 'service-good' : 'service-bad'}>
            {report.isVendorKeyThere ? words.vendorKeyThere : words.vendorKeyMissing}
          </p>
        )}
      </TextField>
    </>
  );
}

function CounterFields({ form, onChange }: SetUpFieldsProps): VNode {
  const words = useServiceWords();
  const id = useId();
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
      <div class="field">
        <label for={id}>{words.timeZone}</label>
        <select
          id={id}
          value={form.timeZone}
          onChange={(event) => onChange({ timeZone: event.currentTarget.value })}
        >
          {timeZonesWith(form.timeZone).map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </select>
        <p class="field-hint">{words.timeZoneHint}</p>
      </div>
    </>
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
        <Fact name={words.apiDomain}>{form.apiDomain}</Fact>
        <Fact name={words.vendorSn}>{form.vendorSn}</Fact>
        <Fact name={words.appId}>{form.appId}</Fact>
        <Fact name={words.vendorKeyFile}>{form.vendorKeyFile}</Fact>
        <Fact name={words.deviceName}>{form.deviceName}</Fact>
        <Fact name={words.deviceId}>{form.deviceId}</Fact>
        <Fact name={words.timeZone}>{form.timeZone}</Fact>
        <Fact name={words.activationCode}>{form.activationCode}</Fact>
      </dl>
      <p class="service-warning">{words.reviewHint}</p>
    </>
  );
}
