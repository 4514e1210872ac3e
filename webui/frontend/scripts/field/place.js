// Where the phone is, if the officer agrees: by the box on the page and by the browser's own question.
const WAIT = 8000; // ms
const KEPT = 60_000; // ms; photos taken one after the other ask once

/** {latitude, longitude, accuracy}, or {} when there is no consent, no fix or no HTTPS. */
export function whereabouts(consent) {
  if (!consent || !navigator.geolocation) return Promise.resolve({});
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy }),
      () => resolve({}),
      { enableHighAccuracy: true, timeout: WAIT, maximumAge: KEPT },
    );
  });
}
