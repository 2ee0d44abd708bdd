export { removeSharedCluster as default } from './global-setup.mjs';
