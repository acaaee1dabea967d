// What a message of the stream makes of the frame known before it.

const alertKey = ({ rule, unit, state, since }) => [rule, unit, state, since].join('\n');

/** Lays a message over what is known: a frame replaces everything, a delta the parts, cells and rows it carries. */
export function merge(known, message) {
  if (message.kind === 'frame') {
    return { ...message, units: new Map((message.units ?? []).map(unit => [unit.code, unit])) };
  }
  const { units = [], headline, trust, alerts, lowVolume, spans, procedureCells, ...parts } = message;
  const merged = { ...known, ...parts, headline: { ...known.headline, ...headline }, units: known.units };
  merged.trust = { ...known.trust, ...trust, partitions: mergeList(known.trust?.partitions, trust?.partitions, lag => lag.name) };
  merged.alerts = mergeList(known.alerts, alerts, alertKey);
  if (lowVolume) {
    const silent = mergeList(known.lowVolume?.units, lowVolume.units, unit => unit.code);
    merged.lowVolume = { ...known.lowVolume, ...lowVolume, units: [...silent].sort((a, b) => a.count - b.count || (a.code < b.code ? -1 : 1)) };
  }
  if (spans) {
    const cells = new Map(spans.map(span => [span.period, span.cells]));
    merged.spans = (known.spans ?? []).map(span => ({ ...span, cells: { ...span.cells, ...cells.get(span.period) } }));
  }
  if (procedureCells) {
    merged.procedureFigures = (known.procedureFigures ?? []).map(one => ({ ...one, cell: procedureCells[one.figure.kpi] ?? one.cell }));
  }
  for (const unit of units) {
    const old = merged.units.get(unit.code);
    merged.units.set(unit.code, { ...old, ...unit, cells: { ...old?.cells, ...unit.cells } });
  }
  return merged;
}

/** A list with what changed in it: a whole one (all, or an array) replaces it; otherwise changed rows take their places and new ones come last. */
function mergeList(known = [], delta, keyOf) {
  if (!delta) return known;
  if (Array.isArray(delta) || delta.all) return delta.all ?? delta;
  const rows = new Map(known.map(row => [keyOf(row), row]));
  for (const key of delta.gone ?? []) rows.delete(key);
  for (const row of delta.changed ?? []) rows.set(keyOf(row), row);
  return [...rows.values()];
}
