/** What draws charts: a chunk of its own, loaded once there is something to draw. */
import 'uplot/dist/uPlot.min.css';

export { SpreadPlot } from '../views/charts/SpreadPlot';
