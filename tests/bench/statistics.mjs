// Medians of what was measured round by round.
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The median of the per-round ratios and the range that the middle half of them lies in.
export function ratioOf(ours, theirs) {
  const ratios = ours.map((value, round) => value / theirs[round]).sort((a, b) => a - b);
  const quarter = Math.floor((ratios.length - 1) / 4);
  return {median: median(ratios), low: ratios[quarter], high: ratios[ratios.length - 1 - quarter]};
}
