// Turns numbers into Roman numerals and back.

const letters = [
  ['M', 1000],
  ['D', 500],
  ['C', 100],
  ['L', 50],
  ['X', 10],
  ['V', 5],
  ['I', 1],
]

/** The numeral of a whole number from 1 to 3999. */
export function toRoman(number) {
  if (!Number.isInteger(number) || number < 1 || number > 3999) {
    throw new RangeError(`${number} cannot be carved: give a whole number from 1 to 3999`)
  }
  let rest = number
  let numeral = ''
  for (const [letter, value] of letters) {
    numeral += letter.repeat(Math.floor(rest / value))
    rest %= value
  }
  return numeral
}

/** The number of a numeral; upper or lower case. */
export function fromRoman(numeral) {
  const values = new Map(letters)
  let number = 0
  for (const letter of numeral.toUpperCase()) {
    const value = values.get(letter)
    if (value === undefined) throw new RangeError(`${letter} is no Roman letter`)
    number += value
  }
  return number
}
