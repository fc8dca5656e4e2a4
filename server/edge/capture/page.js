'use strict';
// One picture of one paper: live guidance while the camera runs, then the picture with its findings, then handed in.
const EVERY_MS = 600, SLOW_MS = 2500, STEADY = 2, FRAME_PX = 1600, FRAME_BYTES = 500000, PICTURE_PX = 2600,
  PICTURE_BYTES = 5500000;
const words = JSON.parse(document.getElementById('words').textContent);
const at = document.body.dataset, part = (id) => document.getElementById(id);
const video = part('video');
let language = at.language, stream = null, timer = 0, steady = 0, blind = false, step = 'ask';
let picture = null, small = null, address = '', key = '', said = { name: 'intro', tone: '' }, findings = [];

const inWords = (name, params = {}) => {
  const both = words[name] || words['doc.none'];
  const text = both[language === 'en' ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (_, one) => String(params[one]));
};

function paint() {
  document.documentElement.lang = language === 'en' ? 'en' : 'zh';
  const kind = inWords('kind.' + at.kind);
  document.title = inWords('title', { kind });
  for (const one of document.querySelectorAll('[data-words]')) one.textContent = inWords(one.dataset.words, { kind });
  for (const one of document.querySelectorAll('[data-label]')) one.setAttribute('aria-label', inWords(one.dataset.label));
  const advice = part('advice'), text = inWords(said.name, said.params);
  if (advice.textContent !== text) advice.textContent = text;
  advice.className = said.tone;
  part('findings').replaceChildren(...findings.slice(1).map((code) => {
    const line = document.createElement('li');
    line.textContent = inWords(code);
    return line;
  }));
  const shown = {
    ask: ['introduction', 'open', 'pick'], live: ['live', 'take', 'pick'], checking: ['review'],
    review: ['review', 'hand_in', 'again', 'pick'], sending: ['review'], lost: ['review', 'retry'], over: [],
  }[step];
  for (const id of ['introduction', 'open', 'pick', 'live', 'take', 'review', 'hand_in', 'again', 'retry'])
    part(id).hidden = !shown.includes(id);
  part('hand_in').textContent = inWords(findings.length ? 'as_is' : 'hand_in');
  part('hand_in').className = findings.length ? '' : 'main';
  part('again').className = findings.length ? 'main' : '';
  const best = part(findings.length ? 'again' : 'hand_in'), keys = best.parentNode;
  if (keys.firstElementChild !== best) keys.prepend(best);  // first for eyes, keyboard and screen reader alike
  part('wrong').hidden = step !== 'review' || !findings.length;
}

function say(name, tone = '', params = {}) { said = { name, tone, params }; paint(); }
function go(to, name, tone = '', params = {}) { step = to; say(name, tone, params); }

function over(state) {
  stop();
  go('over', state === 'taken' ? 'taken' : 'over.' + state, state === 'taken' || state === 'used' ? 'good' : 'warn');
  part('advice').focus();
}

function stop() {
  clearTimeout(timer);
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
  video.srcObject = null;
}

async function ask(path, body, headers = {}) {
  const answer = await fetch(location.pathname + path, {
    method: 'POST', body, headers: { 'Content-Type': 'image/jpeg', ...headers }, cache: 'no-store', credentials: 'omit',
  });
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 410) over(told.params && words['over.' + told.params.state] ? told.params.state : 'taken_back');
  else if (answer.status === 404) over('unknown');
  return { status: answer.status, code: told.code || '', told };
}

function drawn(source, width, height, most) {
  const scale = Math.min(1, most / Math.max(width, height)), canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext('2d').drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function jpeg(canvas, most) {
  let made = null;
  for (const quality of [.9, .75, .55, .35]) {
    made = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
    if (made.size <= most) break;
  }
  return made;
}

async function openCamera() {
  go('ask', 'starting');
  try {
    if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1440 }, frameRate: { ideal: 15 } },
    });
  } catch (error) {
    go('ask', error.name === 'NotAllowedError' ? 'refused' : 'no_camera', 'warn');
    return;
  }
  video.srcObject = stream;
  await video.play();
  part('overlay').setAttribute('viewBox', `0 0 ${video.videoWidth} ${video.videoHeight}`);
  steady = 0;
  go('live', blind ? 'blind' : 'looking');
  part('take').focus();
  lookSoon();
}

function lookSoon(after = EVERY_MS) {
  clearTimeout(timer);
  if (stream && !blind) timer = setTimeout(look, after);
}

async function look() {
  if (step !== 'live' || document.hidden || !video.videoWidth) return lookSoon();
  const frame = await jpeg(drawn(video, video.videoWidth, video.videoHeight, FRAME_PX), FRAME_BYTES);
  let answer = null;
  try { answer = await ask('/look', frame); } catch (error) { /* the line is down: said below */ }
  if (step !== 'live') return;
  if (answer === null) say('paused', 'warn');
  else if (answer.status === 200) advise(answer.told);
  else if (answer.status === 429 || answer.status === 503) say('busy');
  else { blind = true; say('blind'); }
  lookSoon(answer && answer.status === 200 ? EVERY_MS : SLOW_MS);
}

function advise(told) {
  steady = told.good ? steady + 1 : 0;
  const corners = told.outline || [], outline = part('outline');
  outline.setAttribute('points', corners.map(([x, y]) => `${x * video.videoWidth},${y * video.videoHeight}`).join(' '));
  outline.setAttribute('class', told.good ? 'good' : '');
  if (told.good) say('good', 'good');
  else say(told.findings.length ? told.findings[0].code : 'looking', told.findings.length ? 'warn' : '');
  if (steady >= STEADY) take();
}

async function take() {
  if (!stream) return;
  await review(drawn(video, video.videoWidth, video.videoHeight, PICTURE_PX));
}

async function chosen(event) {
  const file = event.target.files[0];
  event.target.value = '';
  if (!file) return;
  let canvas = null;
  try {
    const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
    // Drawn anew: what else the file says (where and when it was taken, with which phone) stays here.
    canvas = drawn(image, image.width, image.height, PICTURE_PX);
    image.close();
  } catch (error) {
    say('not_a_picture', 'warn');
    return;
  }
  await review(canvas);
}

async function review(canvas) {
  stop();
  picture = await jpeg(canvas, PICTURE_BYTES);
  small = await jpeg(drawn(canvas, canvas.width, canvas.height, FRAME_PX), FRAME_BYTES);
  key = '';
  findings = [];
  URL.revokeObjectURL(address);
  address = URL.createObjectURL(picture);
  part('picture').src = address;
  await check();
}

async function check() {
  go('checking', 'checking');
  let answer = null;
  try { answer = await ask('/look', small); } catch (error) { /* handed in without: the server looks anyway */ }
  if (step !== 'checking') return;
  if (answer && answer.code === 'evidence.not_a_picture') return go('ask', 'not_a_picture', 'warn');
  show(answer && answer.status === 200 ? answer.told : { good: true, findings: [] });
}

function show(told) {
  findings = told.good ? [] : told.findings.map((one) => one.code);
  go('review', findings.length ? findings[0] : 'fine', findings.length ? 'warn' : 'good');
  part(findings.length ? 'again' : 'hand_in').focus();
}

const uuid = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, '0')).join('');

async function handIn() {
  const asIs = findings.length > 0;
  key = key || uuid();
  go('sending', 'sending');
  let answer = null;
  try {
    answer = await ask('/picture' + (asIs ? '?as_is=true' : ''), picture, { 'Idempotency-Key': key });
  } catch (error) { /* the same key asks again, so that nothing is handed in twice */ }
  if (step !== 'sending') return;
  if (answer === null || answer.status >= 500 || answer.status === 429)
    return go('lost', answer === null ? 'lost' : 'busy', 'warn');
  if (answer.status !== 200) return go('ask', 'not_a_picture', 'warn');
  if (answer.told.taken) return over('taken');
  key = '';
  if (answer.told.tries_left < 1) return over('spent');
  show(answer.told.look || { good: false, findings: [{ code: 'doc.none' }] });
}

part('open').addEventListener('click', openCamera);
part('take').addEventListener('click', take);
part('again').addEventListener('click', () => (navigator.mediaDevices ? openCamera() : part('file').click()));
part('hand_in').addEventListener('click', handIn);
part('retry').addEventListener('click', handIn);
part('file').addEventListener('change', chosen);
part('language').addEventListener('click', () => { language = language === 'en' ? 'zh' : 'en'; paint(); });
window.addEventListener('pagehide', stop);
part('whole').hidden = false;
if (at.state === 'open') paint(); else over(at.state);
