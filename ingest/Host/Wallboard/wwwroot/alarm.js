// One alert of the alerts screen: what it says, who has seen to it, and behind it what happened and what can be done by those who may. An element of its own
// that is kept while the alert is listed, so that nothing somebody types is lost when figures change.

import { isNews, linkTo, make, setPart, setText } from './dom.js';
import { alertText, count, date, dateOf, fullName, percent, sameDay, t, timeOfDay } from './language.js';

export const STATES = { firing: t('Đang cảnh báo'), resolving: t('Đang hết'), pending: t('Chờ xác nhận'), resolved: t('Đã hết') };
const GRADES = { critical: t('Khẩn'), alarm: t('Báo động'), watch: t('Theo dõi'), report: t('Báo cáo') };

export class Alarm {
  element = make('li');
  #where = make('a');
  #grade = make('b', 'alarm-grade');
  #state = make('span', 'alert-word');
  #since = make('span', 'alarm-since');
  #text = make('p', 'alarm-text');
  #marks = make('p', 'alarm-marks');
  #why = make('a', '', t('Vì sao?'));
  #more = make('details');
  #detail = null;
  #answers = null;
  #acted;

  /** @param acted called when something was decided, so that lists are asked for again */
  constructor(acted) {
    this.#acted = acted;
    const head = make('p', 'alarm-head');
    head.append(this.#where, this.#grade, this.#state, this.#since);
    this.#more.append(make('summary', '', t('Diễn biến và xử lý')));
    this.#more.addEventListener('toggle', () => this.#open());
    this.element.append(head, this.#text, this.#marks, this.#why, this.#more);
  }

  /**
   * @param alert as the stream has it; @param detail as the list of the API has it, null where that is not to be had
   * @param whyLink where its figure is taken apart; null for none
   */
  show(alert, detail, { unitLink, whyLink, answers, mayAct, now }) {
    [this.#detail, this.#answers] = [detail, answers];
    setPart(this.element, 'data-state', alert.state);
    setPart(this.element, 'data-grade', detail?.grade ?? '');
    setPart(this.#where, 'href', unitLink);
    setText(this.#where, fullName(alert.unitName || alert.unit));
    setText(this.#grade, GRADES[detail?.grade] ?? '');
    setText(this.#state, STATES[alert.state]);
    setText(this.#since, momentText(t('từ {0}'), alert.since, now));
    setText(this.#text, alertText(alert));
    setText(this.#marks, marksOf(detail, now));
    this.#marks.hidden = this.#marks.textContent === '';
    this.#why.hidden = !whyLink;
    if (whyLink) setPart(this.#why, 'href', whyLink);
    this.#more.hidden = !detail;
    setPart(this.#more, 'data-act', String(mayAct && alert.state !== 'resolved'));
    if (this.#more.open) this.#showHistory(now);
  }

  #open() {
    if (!this.#more.open || !this.#detail) return;
    if (this.#more.childElementCount === 1) {
      this.#more.append(make('p', 'note'), make('ol', 'alarm-history'));
      if (this.#more.dataset.act === 'true') import('./act.js').then(({ formsFor }) => this.#more.append(...formsFor(this.#detail, this.#acted)), () => {});
    }
    this.#showHistory(Date.now());
  }

  #showHistory(now) {
    const [, note, list] = this.#more.children;
    if (!list) return;
    const answer = this.#answers.get(`/api/v1/alerts/${encodeURIComponent(this.#detail.id)}`, 10_000).value;
    setText(note, [evidenceText(this.#detail?.evidence), sourcesText(answer?.sources)].filter(Boolean).join(' · '));
    if (!isNews(list, answer?.history)) return;
    list.replaceChildren(...(answer?.history ?? []).map(one => make('li', '', [
      momentText('{0}', one.at, now), one.what === 'acknowledged' ? t('đã có người xử lý') : STATES[one.what] ?? one.what, one.by, one.note,
    ].filter(Boolean).join(' · '))));
  }
}

function marksOf(detail, now) {
  if (!detail) return '';
  const { acknowledged, silenced, inhibitedBy, missing } = detail;
  return [
    acknowledged && `${momentText(t('{1} đã tiếp nhận lúc {0}'), acknowledged.at, now, acknowledged.by)}${acknowledged.note ? `: ${acknowledged.note}` : ''}`,
    silenced && t('đang tạm tắt thông báo'), inhibitedBy && t('chờ nguồn dữ liệu trở lại'), !inhibitedBy && missing && t('chưa có số liệu mới để xét'),
  ].filter(Boolean).join(' · ');
}

/** What the verdict stands on, without a sentence of the server's: "12/40 · thường có 28 · …". */
function evidenceText(evidence) {
  if (!evidence) return '';
  const { count: n, of, unobserved, expected, low, high, target, chance, expectedDays } = evidence;
  const known = Number.isFinite;
  return [
    known(n) && (known(of) ? `${count(n)}/${count(of)}` : count(n)),
    known(expected) && t('thường có {0}', count(Math.round(expected))),
    unobserved > 0 && t('{0} chưa quan sát', count(unobserved)),
    known(low) && known(high) && high <= 1 && t('khoảng tin cậy {0} đến {1}', percent(low), percent(high)),
    known(target) && target <= 1 && t('chỉ tiêu {0}', percent(target)),
    known(chance) && t('do ngẫu nhiên: {0}', chance < 0.0001 ? `< ${percent(0.0001, 2)}` : percent(chance, 2)),
    expectedDays && t('lịch mới là dự kiến: {0}', expectedDays.map(day => date(day.date)).join(', ')),
  ].filter(Boolean).join(' · ');
}

/** Whose cases an alert about volume counts: some may have moved to a ministry's own system. */
const sourcesText = shares => shares?.length > 0
  && t('hồ sơ theo nguồn: {0}', shares.map(({ source, cases }) => `${source || '?'} ${count(cases)} (${percent(cases / shares.reduce((sum, one) => sum + one.cases, 0))})`).join(', '));

function momentText(words, at, now, ...parts) {
  const ms = Date.parse(at);
  if (!Number.isFinite(ms)) return '';
  const moment = sameDay(ms, now) ? timeOfDay(ms).slice(0, 5) : t('{0} ngày {1}', timeOfDay(ms).slice(0, 5), dateOf(ms));
  return [moment, ...parts].reduce((text, part, index) => text.replace(`{${index}}`, part), words);
}
