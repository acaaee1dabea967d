const form = document.getElementById('filter'), rule = document.getElementById('rule'), unit = document.getElementById('unit');
const plain = text => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd');
function show() {
  const wanted = plain(unit.value.trim());
  let shown = 0;
  for (const row of document.querySelectorAll('article, tr[data-unit]')) {
    const lanes = [...row.querySelectorAll('.lane')];
    for (const lane of lanes) lane.style.display = rule.value && lane.dataset.rule && lane.dataset.rule !== rule.value ? 'none' : '';
    const fits = row.dataset.rule === undefined ? lanes.some(lane => lane.style.display === '' && lane.dataset.rule) || !rule.value
      : !rule.value || row.dataset.rule === rule.value;
    row.style.display = fits && plain(row.dataset.unit).includes(wanted) ? '' : 'none';
    if (row.tagName === 'ARTICLE' && row.style.display === '') shown++;
  }
  document.getElementById('shown').textContent = `${shown} đơn vị`;
}
form.hidden = false;
form.addEventListener('input', show);
form.addEventListener('submit', event => event.preventDefault());
show();
