/** Values that fields of a kind hold, null apart: few, so that comparisons meet. */
export const pools: Readonly<Record<string, readonly (string | number | boolean)[]>> = {
  text: ['', 'a', 'ab', 'B', "o'b", 'a%b', 'ä', '😀', '\uff5e'],
  choice: ['eu', 'us', 'as'],
  int: [-1, 0, 1, 2, 3],
  int64: ['-1', '0', '9007199254740993'],
  float: [-0.5, 0, 0.1, 2],
  decimal: ['0.000', '1.250', '-0.001'],
  money: ['10.00', '10.50', '-3.00', '0.00'],
  boolean: [true, false],
  date: ['2026-01-31', '2026-02-01', '2024-02-29'],
  datetime: ['2026-01-31T23:30:00.000Z', '2026-02-01T00:00:00.001Z', '2024-02-29T12:00:00.000Z'],
  time: ['00:00:00', '09:30:00', '23:59:59'],
  duration: [0, 30, 90],
  uuid: ['00000000-0000-7000-8999-00000000000a', 'ffffffff-0000-7000-8999-00000000000f'],
}
