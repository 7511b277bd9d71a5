/** A list of numbers that grows, eight bytes each: what keeps a run of millions of samples small. */
export class NumberList {
  #numbers = new Float64Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(this.#length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length] = value;
    this.#length += 1;
  }

  /** What was pushed, without a copy: look at it, don't change it. */
  values(): Float64Array {
    return this.#numbers.subarray(0, this.#length);
  }
}
