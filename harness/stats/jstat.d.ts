/** The few functions of jstat that we use; the package ships no types of its own. */
declare module "jstat" {
  interface JStat {
    beta: { inv(p: number, alpha: number, beta: number): number };
    normal: {
      cdf(x: number, mean: number, standardDeviation: number): number;
      inv(p: number, mean: number, standardDeviation: number): number;
    };
    studentt: { inv(p: number, degreesOfFreedom: number): number };
    ibeta(x: number, alpha: number, beta: number): number;
  }
  const module: { jStat: JStat };
  export default module;
}
