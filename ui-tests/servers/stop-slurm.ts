export default function stopSlurm(): void {}
