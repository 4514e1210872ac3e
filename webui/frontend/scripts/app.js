// Every page loads this. htmx does the requests; the rest is keyboard, ticking, dialogs and dates.
// No inline script or style anywhere: pages speak to it through data-* attributes, which are listed
// at the top of templates/_macros.html.
import 'htmx.org/dist/htmx.esm.js';
import './shell/requests.js';
import './shell/preferences.js';
import './shell/dialogs.js';
import './shell/ticking.js';
import './shell/keyboard.js';
import './shell/day_field.js';
import './shell/unsaved.js';
