// 3天, 4小时, 30分钟 for people; P3D, PT4H, PT30M in the file. What is neither stays as it was typed.
const WRITTEN = /^(\d+)\s*(天|日|小时|时|分钟|分|周)$/;
const KEPT = /^P(?:(\d+)W|(\d+)D|T(\d+)H|T(\d+)M)$/;

export function toPeople(text) {
  const found = KEPT.exec(text ?? '');
  if (!found) return text ?? '';
  const [, weeks, days, hours, minutes] = found;
  if (weeks) return `${weeks}周`;
  if (days) return `${days}天`;
  return hours ? `${hours}小时` : `${minutes}分钟`;
}

export function toFile(text) {
  const bare = text.trim();
  if (/^\d+$/.test(bare)) return `P${bare}D`;
  const found = WRITTEN.exec(bare);
  if (!found) return bare;
  const [, number, unit] = found;
  if (unit === '周') return `P${number}W`;
  if (unit === '天' || unit === '日') return `P${number}D`;
  return unit.startsWith('分') ? `PT${number}M` : `PT${number}H`;
}
