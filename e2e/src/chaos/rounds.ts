/** How often a chaos suite repeats each fault: a few times in every run, `STORMGLASS_ROUNDS=20` for the full measure. */
export const chaosRounds = (usual: number): number => Number(process.env.STORMGLASS_ROUNDS ?? usual);
