// Made-up secrets of every kind that must never be written, in every notation and place of a request, and the
// search for them in bytes. Drawn from a seed, so that a failure can be repeated.

// A small generator of numbers: mulberry32.
export function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
  const random = {
    next,
    below: count => Math.floor(next() * count),
    pick: list => list[Math.floor(next() * list.length)],
    text: (count, from) => Array.from({length: count}, () => from[Math.floor(next() * from.length)]).join(''),
    digits: count => random.text(count, '0123456789'),
  };
  return random;
}

const two = number => String(number).padStart(2, '0');
const birth = random => [two(1 + random.below(28)), two(1 + random.below(12)), two(random.below(100))];
const weigh = (number, weights) => weights.reduce((sum, weight, i) => sum + weight * Number(number[i]), 0);
const check11 = (number, weights) => {
  const rest = weigh(number, weights) % 11;
  return rest === 1 ? null : String(rest === 0 ? 0 : 11 - rest);
};
const luhn = number => {
  let sum = 0;
  for (let i = 0; i < number.length; ++i) {
    const digit = Number(number[number.length - 1 - i]) * (i % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return number + (10 - sum % 10) % 10;
};
const until = make => {
  for (;;) {
    const made = make();
    if (made) return made;
  }
};

function norwegian(random) {
  const number = birth(random).join('') + random.digits(3);
  const first = check11(number, [3, 7, 6, 1, 8, 9, 4, 5, 2]);
  const second = first && check11(number + first, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
  return second && number + first + second;
}
function withCheck(random, serial, weights, end = '') {
  const number = birth(random).join('') + random.digits(serial);
  const check = check11(number, weights);
  return check && number + check + end;
}
function finnish(random) {
  const date = birth(random).join(''), serial = two(2 + random.below(88)) + random.digits(1);
  return date + random.pick('+-AFYX') + serial +
      '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(date + serial) % 31];
}

const letters = 'abcdefghijklmnopqrstuvwxyz';
const cut = (text, at, sign) => text.slice(0, at) + sign + text.slice(at);

// Each kind gives {plain, written}: what is searched for, and one notation of it.
export const kinds = {
  'e-mail address': random => {
    const plain = `${random.text(6, letters)}.${random.text(7, letters)}@${random.text(9, letters)}.example`;
    return {plain, written: plain};
  },
  'Norwegian number': random => {
    const plain = until(() => norwegian(random));
    return {plain, written: random.pick([plain, cut(plain, 6, ' '), cut(plain, 6, '-')])};
  },
  'Swedish number': random => {
    const [day, month, year] = birth(random);
    const plain = luhn(year + month + day + random.digits(3));
    return {plain, written: random.pick([plain, cut(plain, 6, '-')])};
  },
  'Danish number': random => {
    const plain = until(() => withCheck(random, 3, [4, 3, 2, 7, 6, 5, 4, 3, 2]));
    return {plain, written: random.pick([plain, cut(plain, 6, '-')])};
  },
  'Icelandic number': random => {
    const plain = until(() => withCheck(random, 2, [3, 2, 7, 6, 5, 4, 3, 2], '9'));
    return {plain, written: random.pick([plain, cut(plain, 6, '-')])};
  },
  'Finnish number': random => {
    const plain = finnish(random);
    return {plain, written: plain};
  },
  'card number': random => {
    const plain = luhn(random.pick(['4', '51', '6011']).padEnd(15, random.digits(15)));
    return {
      plain,
      written:
          random.pick([plain, plain.replace(/(....)(?=.)/g, '$1 '), plain.replace(/(....)(?=.)/g, '$1-')])
    };
  },
  'phone number': random => {
    const plain = `47${2 + random.below(7)}${random.digits(7)}`;
    return {
      plain,
      written: random.pick([
        `+${plain}`, `00${plain}`,
        `+${plain.slice(0, 2)} ${plain.slice(2, 5)} ${plain.slice(5, 7)} ${plain.slice(7)}`
      ])
    };
  },
  token: random => {
    const plain = random.pick([
      () => random.text(40, '0123456789abcdef'),
      () => `a1Z${random.text(40, `${letters}ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789`)}`,
      () => `eyJ${random.text(30, `${letters}ABCDEFGH0123456789`)}`
    ])();
    return {plain, written: plain};
  },
};

const percent = (text, all, random) => [...Buffer.from(text)]
                                           .map(byte => {
                                             const c = String.fromCharCode(byte);
                                             const must = !/[A-Za-z0-9.@_-]/.test(c);
                                             return must || all || random.below(3) === 0 ?
                                                 `%${byte.toString(16).padStart(2, '0').toUpperCase()}` :
                                                 c;
                                           })
                                           .join('');

// One to three layers of percent-encoding; what may not stand in a request as it is has at least one.
export function wrapped(text, random) {
  let out = text;
  const layers = random.below(4) + (/[^A-Za-z0-9.@_+-]/.test(text) ? 1 : 0);
  for (let i = 0; i < layers; ++i) out = percent(out, random.below(2) === 0, random);
  return out;
}

// Finds secrets in bytes: a set for what has letters, and one for digits, which may have been cut into
// groups.
export class SecretSearch {
  #texts = new Map();
  #digits = new Map();
  #lengths = new Set();

  add(kind, plain) {
    if (/^\d+$/.test(plain)) {
      this.#digits.set(plain, kind);
      this.#lengths.add(plain.length);
    } else {
      this.#texts.set(plain, kind);
    }
  }

  // The kinds that stand in the bytes.
  find(bytes) {
    // A stream's entry numbers, milliseconds and a count, are no digits of anybody.
    const text = bytes.toString('latin1').replaceAll(/(?<!\d)1[789]\d{11}-\d+/g, '#');
    const found = new Map();
    const hit = kind => kind && found.set(kind, (found.get(kind) ?? 0) + 1);
    for (const [word] of text.matchAll(/[A-Za-z0-9][A-Za-z0-9.@_+:-]{7,}/g)) {
      hit(this.#texts.get(word) ?? this.#texts.get(word.replace(/[.:]+$/, '')));
    }
    for (const [run] of text.matchAll(/\d(?:[ _.-]?\d){7,}/g)) {
      const digits = run.replaceAll(/\D/g, '');
      for (const length of this.#lengths) {
        for (let at = 0; at + length <= digits.length; ++at)
          hit(this.#digits.get(digits.slice(at, at + length)));
      }
    }
    return found;
  }
}
