// bpmn.io's own words in Chinese, as a diagram-js module.
import words from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';

function translate(text, replacements = {}) {
  return (words[text] ?? text).replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
}

export default { translate: ['value', translate] };
