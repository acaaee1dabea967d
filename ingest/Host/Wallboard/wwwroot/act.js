// What somebody on duty decides about alerts: taking note, keeping quiet, telling again. The server knows who may; it says in a sentence why not. Loaded when
// somebody opens an alert to act: a wall never needs it.

import { make } from './dom.js';
import { t } from './language.js';

const PATIENCE_MS = 10_000;
const HOUR_MS = 3_600_000;
const LOCAL_MS = 7 * HOUR_MS;
const KEY = 'kpistream name';
const LENGTHS = [[1, t('1 giờ')], [8, t('8 giờ')], [24, t('1 ngày')], [168, t('7 ngày')], [720, t('30 ngày')]];

/** The ways to act on an alert. @param acted called when something was decided, so that lists are asked for again */
export function formsFor({ id, unit, kind, figure, cause }, acted) {
  const note = field(t('Ghi chú bàn giao'), 'textarea');
  const reason = field(t('Lý do'), 'input');
  reason.input.required = true;
  const length = choice(t('Trong'), LENGTHS);
  const what = choice(t('Những cảnh báo'), [['this', t('loại này của đơn vị này')], ['unit', t('mọi loại của đơn vị này')], ['cause', t('cùng nguyên nhân')]]);
  const matched = { this: { kind, unit, ...(figure ? { figure } : {}) }, unit: { unit }, cause: { cause } };
  return [
    form(t('Tiếp nhận'), [note], by => acknowledge(id, note.input.value.trim(), by), acted),
    form(t('Tạm tắt thông báo'), [reason, length, what], by => silence(matched[what.input.value], reason.input.value.trim(), Number(length.input.value), by), acted),
  ];
}

/** Ends a silence in the name given last. @returns '' when it is done, otherwise why not */
export function unsilence(id) {
  const by = nameGiven();
  return send('DELETE', `/api/v1/silences/${encodeURIComponent(id)}${by ? `?by=${encodeURIComponent(by)}` : ''}`);
}

/** Takes note of an alert, with what the next on duty must know. Like all that is sent, '' when it is done, otherwise why not. */
const acknowledge = (id, note, by) => send('POST', `/api/v1/alerts/${encodeURIComponent(id)}/acknowledge`, { note, by: by || null });

/** @param what of kind, unit, figure and cause those that must match; @param hours how long, at most 720 */
function silence(what, reason, hours, by) {
  const until = `${new Date(Date.now() + hours * HOUR_MS + LOCAL_MS).toISOString().slice(0, 19)}+07:00`;
  return send('POST', '/api/v1/silences', { ...what, reason, until, by: by || null });
}

/** The name given last on this screen; where people sign in it stays empty. */
function nameGiven() {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function keepName(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Asked for again next time.
  }
}

async function send(method, url, body) {
  try {
    const answer = await fetch(url, {
      method, signal: AbortSignal.timeout(PATIENCE_MS), ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    if (answer.ok) return '';
    if (answer.status === 401 || answer.status === 403) return t('Không có quyền xử lý cảnh báo trên màn hình này.');
    const said = await answer.json().catch(() => null);
    return typeof said?.detail === 'string' ? said.detail : t('Máy chủ trả lời {0}, chưa thực hiện được.', answer.status);
  } catch {
    return t('Không kết nối được máy chủ, chưa thực hiện được.');
  }
}

/** Fields with a name for who decides, a button, and what came of it. */
function form(title, fields, run, acted) {
  const element = make('form', 'act');
  const by = field(t('Tên người xử lý (để trống nếu đã đăng nhập)'), 'input');
  by.input.value = nameGiven();
  const button = make('button', '', title);
  const said = make('p', 'act-said');
  said.setAttribute('role', 'status');
  element.append(...[...fields, by].map(one => one.label), button, said);
  element.addEventListener('submit', async event => {
    event.preventDefault();
    button.disabled = true;
    keepName(by.input.value.trim());
    const problem = await run(by.input.value.trim());
    button.disabled = false;
    said.textContent = problem || t('Đã ghi nhận.');
    if (!problem) acted();
  });
  return element;
}

function field(name, kind) {
  const label = make('label', '', name);
  const input = make(kind);
  input.maxLength = 500;
  label.append(input);
  return { label, input };
}

function choice(name, values) {
  const label = make('label', '', name);
  const input = make('select');
  input.append(...values.map(([value, text]) => Object.assign(make('option', '', text), { value })));
  label.append(input);
  return { label, input };
}
