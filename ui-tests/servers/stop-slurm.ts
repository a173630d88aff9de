import { SlurmCluster } from './slurm-cluster';

/** After the last journey. */
export default function stopSlurm(): void {
  SlurmCluster.down();
}
