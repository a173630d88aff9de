/** At most so many entries of a folder are shown at a time. */
export const FILES_WINDOW = 50;
