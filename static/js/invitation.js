// A guest's page: the roundtable's time in the zone of the guest's own device,
// where its clock shows something else than the room's.
function offset(at, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", hourCycle: "h23",
  }).formatToParts(at);
  return parts.map((p) => p.value).join("");
}

document.querySelectorAll("[data-own-time]").forEach((line) => {
  const start = new Date(line.dataset.start);
  const end = new Date(line.dataset.end);
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  try {
    if (!own || offset(start, own) === offset(start, line.dataset.zone)) return;
  } catch {
    return; // a zone that this browser does not know
  }
  const day = (zone) => new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short", month: "short", day: "numeric" }).format(start);
  const span = new Intl.DateTimeFormat("en-US", { timeZone: own, hour: "numeric", minute: "2-digit", timeZoneName: "short" }).formatRange(start, end).replace(/\s–\s/u, "–");
  const otherDay = day(own) === day(line.dataset.zone) ? "" : `${day(own)}, `; // said only where it is not the room's
  line.textContent = `${otherDay}${span} for you`;
  line.hidden = false;
});
